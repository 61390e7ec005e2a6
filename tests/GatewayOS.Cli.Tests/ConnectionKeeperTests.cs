using GatewayOS.Connections;
using GatewayOS.Control.Tracking;
using GatewayOS.Ovn;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>Which connections the device has, for a network that ovn-northd compiled: vm1 is behind a floating IP.</summary>
public sealed class ConnectionKeeperTests(RoutedNetwork network) : FloatingIpConnections(network)
{
    private static readonly ConnectionTuple s_plain = new(false, TransportProtocol.Udp, 0x0a00_0001, 0x0a00_0002, 1000, 53);

    [Theory]
    [InlineData(TransportProtocol.Udp)]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Icmp)]
    public async Task A_floating_IP_is_translated_both_ways(TransportProtocol protocol)
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice());
        await RoundAsync(keeper, device, Listed(Floating(protocol, 1000)));
        Assert.Equal(2, keeper.Counts.Offloaded);
        Assert.Equal([("dst", Inside), ("src", FloatingIp)], device.Finishes.Select(Rewrite).Order());
        Assert.Contains(device.Numbers, number => Source(number) == Outside);
        Assert.Contains(device.Numbers, number => Source(number) == Inside);
    }

    [Fact]
    public async Task What_is_not_established_waits_and_what_ends_goes()
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice());
        var connection = Floating(TransportProtocol.Tcp, 1000);
        await RoundAsync(keeper, device, Listed(connection with { Status = ConnectionStatus.Confirmed, Tcp = default(TcpTracking) with { Original = TcpState.SynSent } }));
        Assert.Empty(device.Numbers);
        await RoundAsync(keeper, device, Seen(connection));
        Assert.Equal(2, device.Numbers.Count());
        await RoundAsync(keeper, device, Seen(connection with { Tcp = new TcpTracking(TcpState.FinWait, TcpState.Established, TcpFlags.None, TcpFlags.None) }));
        Assert.Empty(device.Numbers);
        await RoundAsync(keeper, device, Seen(connection));
        Assert.Equal(2, device.Numbers.Count());
        await RoundAsync(keeper, device, new ConnectionNews.Changed([new ConnectionEvent.Ended(new ConnectionEntry(connection))]));
        Assert.Empty(device.Numbers);
        Assert.Empty(device.Finishes);
    }

    [Fact]
    public async Task A_flood_that_nobody_answers_is_not_known_at_all()
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice());
        await RoundAsync(keeper, device, Listed([.. Enumerable.Range(1, 5000).Select(i => Floating(TransportProtocol.Udp, (ushort)i) with { Status = ConnectionStatus.Confirmed })]));
        Assert.Equal((0, 5000, 0), (keeper.Counts.Known, keeper.Counts.Unanswered, device.Writes));
    }

    [Fact]
    public void That_there_is_none_counts_only_while_everything_is_known()
    {
        var keeper = new ConnectionKeeper(Compiler.Connections, new OffloadOptions { Limit = 2 });
        var (one, other) = (Floating(TransportProtocol.Udp, 1), Floating(TransportProtocol.Udp, 2));
        bool IsAbsent(Connection connection) => keeper.IsAbsent(connection.Zone, connection.Reply);
        void Apply(params ConnectionNews[] news) => Array.ForEach(news, keeper.Apply);

        Assert.False(IsAbsent(one), "nothing has been listed");
        Apply(Listed());
        Assert.True(IsAbsent(one));
        Apply(Seen(one with { Status = ConnectionStatus.Confirmed }));
        Assert.False(IsAbsent(one), "nobody has answered, but it exists");
        Assert.True(IsAbsent(other));
        Apply(new ConnectionNews.Changed([new ConnectionEvent.Ended(new ConnectionEntry(one))]));
        Assert.True(IsAbsent(one));
        Apply(Seen(one with { Status = ConnectionStatus.Confirmed }));
        Apply(Listed());
        Assert.True(IsAbsent(one), "it was not listed any more");
        Apply(Listed([.. Enumerable.Range(10, 3).Select(i => Floating(TransportProtocol.Udp, (ushort)i))]));
        Assert.False(IsAbsent(one), "there are more answered ones than are followed");
        Apply(Listed());
        Apply(Listed([.. Enumerable.Range(10, 3).Select(i => Floating(TransportProtocol.Udp, (ushort)i) with { Status = ConnectionStatus.Confirmed })]));
        Assert.False(IsAbsent(one), "there are more unanswered ones than are noted");
        Apply(Listed(other));
        Assert.True(IsAbsent(one));
    }

    [Fact]
    public void A_connection_that_nobody_answers_is_one_sided_in_its_first_direction_if_it_changes_nothing()
    {
        var keeper = Keeper();
        var plain = new Connection(5, s_plain, s_plain.Reversed) { Status = ConnectionStatus.Confirmed };
        bool[] Sides(Connection connection)
        {
            keeper.Apply(Seen(connection));
            return [keeper.IsOneSided(5, s_plain), keeper.IsOneSided(5, s_plain.Reversed), keeper.IsOneSided(6, s_plain)];
        }

        Assert.Equal([true, false, false], Sides(plain));
        Assert.Equal([false, false, false], Sides(plain with { Mark = 1 }));
        Assert.Equal([true, false, false], Sides(plain));
        Assert.Equal([false, false, false], Sides(plain with { Reply = (s_plain with { Destination = 9 }).Reversed }));
        Assert.Equal([false, false, false], Sides(plain with { Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply }));
    }

    [Fact]
    public async Task A_full_device_lets_the_newest_wait_and_has_them_when_there_is_room()
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice(room: 6));
        await RoundAsync(keeper, device, Listed([.. Enumerable.Range(1, 5).Select(i => Floating(TransportProtocol.Udp, (ushort)i))]));
        Assert.Equal((6, 6), (device.Numbers.Count(), keeper.Counts.Offloaded));
        Assert.Equal(4, keeper.Counts.Waiting);
        await RoundAsync(keeper, device, Listed([.. Enumerable.Range(3, 3).Select(i => Floating(TransportProtocol.Udp, (ushort)i))]));
        await RoundAsync(keeper, device, Listed([.. Enumerable.Range(3, 3).Select(i => Floating(TransportProtocol.Udp, (ushort)i))]));
        Assert.Equal((6, 0), (device.Numbers.Count(), keeper.Counts.Waiting));
    }

    [Fact]
    public async Task What_a_changed_network_no_longer_translates_goes_before_the_change_is_written()
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice());
        await RoundAsync(keeper, device, Listed(Floating(TransportProtocol.Udp, 1000)));
        Assert.Equal(2, device.Numbers.Count());
        var translating = Southbound.LogicalFlows.Where(flow => flow.ExternalIds.Find("stage-name") is "lr_in_dnat" or "lr_out_snat").Select(flow => flow.Uuid);
        Compiler.Compile(Southbound with { LogicalFlows = Southbound.LogicalFlows.Without([.. translating]) }, "gw1", Device);
        keeper.Follow(Zones);
        keeper.Evaluate();
        keeper.WithdrawDoubtful();
        await keeper.Writer.WithdrawAsync(device, Token);
        Assert.Empty(device.Numbers);
    }

    [Fact]
    public async Task A_connection_is_counted_at_the_meters_behind_the_place_where_it_asks()
    {
        var rules = Southbound.LogicalFlows.Where(flow => flow.ExternalIds.Find("stage-name") is "ls_in_qos" or "ls_in_qos_meter")
            .Select(flow => flow with { Actions = flow.Actions.Replace("next;", "set_meter(1000); next;", StringComparison.Ordinal) });
        var compiled = Compiler.Compile(Southbound with { LogicalFlows = Southbound.LogicalFlows.With([.. rules]) }, "gw1", Device);
        var (keeper, device) = (new ConnectionKeeper(Compiler.Connections, new OffloadOptions()), new ConnectionDevice());
        await RoundAsync(keeper, device, Listed(Floating(TransportProtocol.Udp, 1000)));

        var meters = (Compiler.Settle() ?? compiled).Entries.Select(entry => entry.Entry).Where(entry => Metering.IsMeter(entry.Key)).Select(entry => Metering.CellOf(entry).Index).ToHashSet();
        Assert.Equal(2, device.Finishes.Count());
        Assert.All(device.Finishes, finish => Assert.NotEmpty(Metering.Of(finish)));
        Assert.All(device.Finishes, finish => Assert.Subset(meters, Metering.Of(finish).ToHashSet()));
    }

    [Fact]
    public async Task A_successor_adopts_what_it_would_write_and_takes_out_the_rest()
    {
        var (keeper, device) = (Keeper(), new ConnectionDevice());
        var (one, other) = (Floating(TransportProtocol.Udp, 1), Floating(TransportProtocol.Udp, 2));
        await RoundAsync(keeper, device, Listed(one, other));
        var writes = device.Writes;
        var successor = Keeper();
        await successor.Writer.ReadAsync(device, Token);
        await RoundAsync(successor, device, Listed(one));
        Assert.Equal(2, device.Numbers.Count());
        Assert.Equal(4, device.Writes - writes);
        Assert.Equal(2, successor.Counts.Offloaded);
    }

    private static UInt128 Source(TableEntry number) => ((FieldMatch.Exact)number.Match[1]).Value;

    private static (string What, UInt128 Address) Rewrite(TableEntry finish)
    {
        var call = (ActionCall)finish.Action;
        return (int)call[ParameterNames.Rewrite] switch
        {
            ConnectionRewrite.SrcBit => ("src", call[ParameterNames.Src]),
            ConnectionRewrite.DstBit => ("dst", call[ParameterNames.Dst]),
            var mask => ($"{mask}", 0),
        };
    }
}
