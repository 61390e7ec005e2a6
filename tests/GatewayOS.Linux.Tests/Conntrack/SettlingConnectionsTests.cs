using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;

namespace GatewayOS.Linux.Tests.Conntrack;

public sealed class SettlingConnectionsTests
{
    private static readonly ConnectionTuple s_tuple = new(false, TransportProtocol.Udp, 1, 2, 3, 4);

    private static readonly Connection s_new = new(7, s_tuple, s_tuple.Reversed) { Status = ConnectionStatus.Confirmed, Id = 1 };

    private static readonly Connection s_settled = s_new with { Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply };

    [Fact]
    public void What_is_settled_is_not_looked_at()
    {
        var settling = new SettlingConnections();
        settling.Consider(s_settled, TimeSpan.Zero);
        Assert.Null(settling.Due);
    }

    [Fact]
    public void What_is_new_is_looked_at_less_and_less_often_and_in_the_end_no_more()
    {
        var settling = new SettlingConnections();
        settling.Consider(s_new, TimeSpan.Zero);
        settling.Consider(s_new, TimeSpan.Zero);
        var looks = new List<double>();
        while (settling.Due is { } due)
        {
            Assert.Empty(settling.Look(due - TimeSpan.FromTicks(1), 9, (_, _) => throw new InvalidOperationException("It is not due.")));
            Assert.Equal([s_new], settling.Look(due, 9, (_, _) => new ConnectionEntry(s_new)).Select(entry => entry.Connection));
            looks.Add(due.TotalMilliseconds);
        }

        Assert.Equal([10, 30, 70, 150, 310, 630, 1270, 2550], looks);
        Assert.Equal(0, settling.Count);
    }

    [Fact]
    public void It_is_looked_at_until_it_has_settled_or_gone()
    {
        var settling = new SettlingConnections();
        settling.Consider(s_new, TimeSpan.Zero);
        Assert.Equal([s_settled], settling.Look(SettlingConnections.First, 9, (_, _) => new ConnectionEntry(s_settled)).Select(entry => entry.Connection));
        Assert.Null(settling.Due);
        settling.Consider(s_new, TimeSpan.Zero);
        Assert.Empty(settling.Look(SettlingConnections.First, 9, (_, _) => null));
        Assert.Null(settling.Due);
        settling.Consider(s_new, TimeSpan.Zero);
        Assert.Empty(settling.Look(SettlingConnections.First, 9, (_, _) => new ConnectionEntry(s_settled with { Id = 2 })));
        Assert.Equal(0, settling.Count);
    }

    [Fact]
    public void A_flood_costs_no_more_than_the_limit_and_the_budget()
    {
        var settling = new SettlingConnections();
        for (uint i = 0; i < SettlingConnections.Limit + 10; i++)
        {
            settling.Consider(s_new with { Id = i }, TimeSpan.Zero);
        }

        Assert.Equal(SettlingConnections.Limit, settling.Count);
        var looks = 0;
        Assert.Empty(settling.Look(TimeSpan.FromHours(1), 100, (_, _) =>
        {
            looks++;
            return null;
        }));
        Assert.Equal(100, looks);
    }
}
