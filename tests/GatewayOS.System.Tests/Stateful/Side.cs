using GatewayOS.Lab.Running;
using GatewayOS.Linux.Packets;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>One of the two labs, whose ends are raw: nobody there answers but the test.</summary>
internal sealed class Side : IDisposable
{
    private const int FirstOfGroupManagement = 130, LastOfDiscovery = 143;

    private readonly Dictionary<string, PacketSocket> _sockets;
    private readonly Dictionary<uint, List<Arrival>> _arrivals = [];
    private readonly Dictionary<string, List<Arrival>> _unmarked = [];

    private Side(LabNetwork lab, Dictionary<string, PacketSocket> sockets) => (Lab, _sockets) = (lab, sockets);

    public LabNetwork Lab { get; }

    public IReadOnlyCollection<PacketSocket> Sockets => _sockets.Values;

    /// <summary>What came without a number, so that a router made it: by its addresses and ports.</summary>
    public IReadOnlyDictionary<string, List<Arrival>> Unmarked => _unmarked;

    /// <summary>Silences the kernels of the ends, and listens there.</summary>
    public static async Task<Side> TakeAsync(LabNetwork lab, CancellationToken token)
    {
        string[] nodes = [lab.Topology.External.Name, .. lab.Topology.Machines.Select(machine => machine.Name)];
        foreach (var node in nodes)
        {
            // Without addresses a kernel answers nothing.
            await lab.RunAsync(node, "ip", ["addr", "flush", "dev", "eth0"], token);
            lab.Inside(node, () =>
            {
                File.WriteAllText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
                return true;
            });
        }

        return new Side(lab, nodes.ToDictionary(node => node, node => lab.Inside(node, () => PacketSocket.Open("eth0"))));
    }

    public void Send(string node, byte[] frame)
    {
        _sockets[node].Send(frame);
        _sockets[node].Flush();
    }

    /// <summary>Takes in what has arrived.</summary>
    /// <returns>How many frames that matter.</returns>
    public int Collect()
    {
        var count = 0;
        foreach (var (node, socket) in _sockets)
        {
            while (socket.Receive(frame => count += Take(node, frame) ? 1 : 0) > 0)
            {
                // Until there is no more for now.
            }
        }

        return count;
    }

    public IReadOnlyList<Arrival> Of(uint number) => _arrivals.GetValueOrDefault(number) ?? [];

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    private bool Take(string node, ReadOnlySpan<byte> frame)
    {
        // Groups, ARP and neighbour discovery are the link's; what a switch floods to another's address is not for this host.
        var isForExternal = node == Lab.Topology.External.Name;
        if ((frame[0] & 1) != 0 || Packet.Read(frame) is not { } packet || (isForExternal && packet.EthDestination != Lab.Topology.External.Mac)
            || (packet is { Protocol: Packet.Icmp6, IcmpType: >= FirstOfGroupManagement and <= LastOfDiscovery }))
        {
            return false;
        }

        var arrival = new Arrival(node, frame.ToArray());
        if (Mark.Find(frame) is { } number)
        {
            Add(_arrivals, number, arrival);
        }
        else
        {
            Add(_unmarked, $"{packet.Source}.{packet.SourcePort} > {packet.Destination}.{packet.DestinationPort}", arrival);
        }

        return true;
    }

    private static void Add<T>(Dictionary<T, List<Arrival>> arrivals, T key, Arrival arrival)
        where T : notnull
    {
        if (!arrivals.TryGetValue(key, out var some))
        {
            arrivals.Add(key, some = []);
        }

        some.Add(arrival);
    }
}
