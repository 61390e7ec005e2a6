using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Which Ethernet destinations packets with a 5-tuple may well come with.</summary>
/// <remarks>
/// A verdict is for one of them, and packets with another are left to software: so these need not be all, and are only such that senders use who are in their
/// right mind. To a switch port that is its own address; from one, that of who has the IP destination, or of a router; out of a router that of the next hop.
/// </remarks>
internal static class Arrivals
{
    /// <summary>More next hops than this, or routers of one switch, are not tried.</summary>
    private const int Limit = 8;

    /// <param name="network">The network.</param>
    /// <param name="door">How the packets come in.</param>
    /// <param name="tuple">The packets.</param>
    /// <param name="probe">Evaluates the packets from a table on, as they come in by a port and with an Ethernet destination.</param>
    public static IEnumerable<ulong> At(LogicalNetwork network, Door door, ConnectionTuple tuple, Func<PortBinding, ulong, Edge> probe)
    {
        if (network.Port(door.LogicalPort) is not { } port)
        {
            return [];
        }

        if (door is Door.Port or Door.Vtep)
        {
            var owners = network.EthAddressesOf(port.Datapath, tuple.DestinationAddress);
            return owners.Count > 0 ? owners : network.Routers(port.Datapath).Order().Take(Limit);
        }

        return network.Datapath(port.Datapath).IsRouter ? NextHops(network, port, tuple, probe).Take(Limit)
            : EthAddresses(LeadsToGatewayRouter(port) && network.Port(port.Options.Find("peer") ?? "") is { } router ? router : port);
    }

    /// <summary>Of the packets that may ask a zone first, those that senders in their right mind send: from where the source is, to where the destination is.</summary>
    /// <returns>All, if it does not show.</returns>
    public static IReadOnlyList<Arrival> Plausible(LogicalNetwork network, IReadOnlyList<Arrival> arrivals)
    {
        if (arrivals.Count < 2)
        {
            return arrivals;
        }

        var judged = arrivals.Select(arrival => (Arrival: arrival, Side: SideOf(network, arrival))).ToList();
        var wanted = judged.Exists(one => one.Side == Side.Source) ? Side.Source : Side.Outside;
        List<Arrival> plausible = [.. judged.Where(one => one.Side == wanted || one.Side is Side.Destination or Side.Behind).Select(one => one.Arrival)];
        return plausible.Count > 0 ? plausible : arrivals;
    }

    private enum Side
    {
        Neither,
        Source,
        Destination,
        Outside,

        /// <summary>A switch between a gateway router and routers of other chassis, which may have sent anything.</summary>
        Behind,
    }

    private static bool LeadsToGatewayRouter(PortBinding port) => port.Type == "l3gateway";

    private static Side SideOf(LogicalNetwork network, Arrival arrival)
    {
        var (gate, tuple, ways) = arrival;
        if (network.Port(gate.LogicalPort) is not { } port)
        {
            return Side.Neither;
        }

        if (port.Type == "localnet")
        {
            return Side.Outside;
        }

        if (port.Type == "vtep")
        {
            return Owns(network, port, tuple.SourceAddress) ? Side.Source : Side.Outside;
        }

        if (network.Datapath(port.Datapath).IsRouter)
        {
            var leaves = port.Type == "chassisredirect" ? port.Options.Find("distributed-port") : port.LogicalPort;
            return network.PatchPorts(port.Datapath).Where(one => one.LogicalPort != leaves).SelectMany(Networks).Any(subnet => Contains(subnet, tuple.Source, tuple.IsIpv6))
                ? Side.Source : Side.Neither;
        }

        if (LeadsToGatewayRouter(port))
        {
            return network.Localnet(port.Datapath) is null ? Side.Behind : Side.Neither;
        }

        return ways.Any(way => way.Door is Door.Port) && Owns(network, port, tuple.SourceAddress) ? Side.Source
            : ways.Any(way => way.Door is Door.Tunnel) && Owns(network, port, tuple.DestinationAddress) ? Side.Destination
            : Side.Neither;
    }

    private static bool Owns(LogicalNetwork network, PortBinding port, IpAddress address) =>
        EthAddresses(port).Intersect(network.EthAddressesOf(port.Datapath, address)).Any();

    // Another chassis has sent the packet through the router: as this one would have.
    private static IEnumerable<ulong> NextHops(LogicalNetwork network, PortBinding port, ConnectionTuple tuple, Func<PortBinding, ulong, Edge> probe)
    {
        var leaves = port.Type == "chassisredirect" ? port.Options.Find("distributed-port") : port.LogicalPort;
        var ports = network.PatchPorts(port.Datapath).Where(one => one.LogicalPort != leaves).ToList();
        var from = ports.Find(one => Networks(one).Any(subnet => Contains(subnet, tuple.Source, tuple.IsIpv6))) ?? ports.FirstOrDefault();
        return from is null ? [] : EthAddresses(from).Take(1).SelectMany(address => Written(probe(from, address), null)).Distinct();
    }

    // The Ethernet destinations that packets leave with.
    private static IEnumerable<ulong> Written(Edge edge, MacAddress? before)
    {
        var now = edge.Edits.EthDestination ?? before;
        return edge.Target switch
        {
            Target.Go(var node) => node.Edges.SelectMany(next => Written(next, now)),
            _ => now is { } address ? [address.Value] : [],
        };
    }

    private static IReadOnlyList<ulong> EthAddresses(PortBinding port) => PortAddresses.Of(port).Ethernet;

    private static IReadOnlyList<(UInt128 Value, int Width, int PrefixLength)> Networks(PortBinding port) => PortAddresses.Of(port).Networks;

    private static bool Contains((UInt128 Value, int Width, int PrefixLength) subnet, UInt128 address, bool isIpv6) =>
        subnet.Width == (isIpv6 ? 128 : 32) && (subnet.PrefixLength == 0 || subnet.Value >> (subnet.Width - subnet.PrefixLength) == address >> (subnet.Width - subnet.PrefixLength));
}
