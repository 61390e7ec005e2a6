using GatewayOS.Linux.Packets;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Sends the same packets on both sides, and waits until all that comes of them has come.</summary>
internal sealed class TwoSides(Side stock, Side fast) : IDisposable
{
    /// <summary>Both sides agree, every packet has come out: how long nothing may have come before that is taken for all.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(15);

    /// <summary>The same, when some packets have not come out at all: dropped, or still on the way.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromMilliseconds(120);

    /// <summary>How long the sides may disagree before it is a difference.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SocketPoller _poller = new();
    private readonly List<PacketSocket> _sockets = [.. stock.Sockets, .. fast.Sockets];
    private readonly List<Order> _all = [];

    public int Count => _all.Count;

    public IReadOnlyList<Sent> Exchange(IReadOnlyList<Order> orders)
    {
        var first = _all.Count;
        foreach (var order in orders)
        {
            var number = (uint)_all.Count + 1;
            _all.Add(order);
            stock.Send(order.Node, order.Stock.ToFrame(number));
            fast.Send(order.Node, order.Fast.ToFrame(number));
        }

        Wait(first);
        return [.. Enumerable.Range(first, orders.Count).Select(Result)];
    }

    /// <summary>What came of every packet up to now: late arrivals count too.</summary>
    public IEnumerable<Sent> Everything()
    {
        stock.Collect();
        fast.Collect();
        return Enumerable.Range(0, _all.Count).Select(Result);
    }

    /// <summary>Differences in what routers made themselves.</summary>
    public IEnumerable<string> UnmarkedDifferences() => stock.Unmarked.Keys.Union(fast.Unmarked.Keys)
        .Select(key => Difference.Of(stock.Unmarked.GetValueOrDefault(key) ?? [], fast.Unmarked.GetValueOrDefault(key) ?? [])).OfType<string>();

    public void Dispose()
    {
        stock.Dispose();
        fast.Dispose();
    }

    private Sent Result(int index)
    {
        var number = (uint)index + 1;
        return new Sent(number, _all[index], [.. stock.Of(number)], [.. fast.Of(number)]);
    }

    private void Wait(int first)
    {
        var (start, quietSince) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp());
        while (true)
        {
            _poller.Wait(_sockets, 5);
            if (stock.Collect() + fast.Collect() > 0)
            {
                quietSince = TimeProvider.System.GetTimestamp();
                continue;
            }

            var sent = Enumerable.Range(first, _all.Count - first).Select(Result).ToList();
            var quiet = TimeProvider.System.GetElapsedTime(quietSince);
            var isSame = sent.TrueForAll(one => one.Difference is null);
            if ((isSame && quiet > (sent.TrueForAll(one => one.Stock.Count > 0) ? s_calm : s_doubt)) || TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                return;
            }
        }
    }
}
