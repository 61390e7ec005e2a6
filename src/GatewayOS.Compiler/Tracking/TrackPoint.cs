using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Where packets first ask conntrack: what the device has to know of a packet there.</summary>
/// <remarks>
/// An entry of a connection is found by its number and the state. What comes after conntrack may ask for the Ethernet destination, which is no part of
/// the 5-tuple: so the state fixes it, as one of the addresses that are asked for later, or as none of them. Behind a router it is what the router wrote,
/// which follows from the 5-tuple.
/// </remarks>
internal static class TrackPoint
{
    /// <summary>More addresses than this are not told apart: then only what does not depend on them goes to the device.</summary>
    private const int SwitchLimit = 512, RouterLimit = 64;

    /// <summary>The place where packets in this state wait; of the Ethernet destination what is known.</summary>
    public static TrackPlace PlaceOf(LogicalNetwork network, PreparedFlow flow, ActionNode action, TableKey table, SymbolicState state)
    {
        var isRouted = state.Routers > 0;
        return new TrackPlace(
            new PuntCause(Reasons.Conntrack, flow.Text.Actions, flow.Uuid), ZoneOwner.Of(network, action, table, state),
            isRouted ? null : (ulong?)state[KnownFields.EthDestination].ConstantValue, isRouted);
    }

    /// <summary>The addresses that the state of a packet here tells from all others; null if there are too many.</summary>
    public static IReadOnlySet<ulong>? Addresses(LogicalNetwork network, TableKey table, SymbolicState state)
    {
        var isRouter = network.Datapath(table.Datapath).IsRouter;
        if (state.Routers > 0 || (isRouter && table.Pipeline == Pipeline.Ingress))
        {
            // A router takes only what is for it, and then sends it to somebody else.
            return new HashSet<ulong>();
        }

        var asked = new HashSet<ulong>();
        if (table.Pipeline == Pipeline.Ingress)
        {
            asked.UnionWith(network.EthDestinationsTested(table.Datapath));
        }
        else if (state.OutPort is { } name && network.Port(name) is { } port)
        {
            asked.UnionWith(port.Mac.Concat(port.PortSecurity).Select(AddressOf));
            if (port.Type is "patch" or "l3gateway" && network.Port(port.Options.Find("peer") ?? "") is { } peer && network.IsLocal(peer.Datapath))
            {
                asked.UnionWith(peer.Mac.Select(AddressOf));
                if (isRouter)
                {
                    asked.UnionWith(network.EthDestinationsTested(peer.Datapath));
                }
            }
        }
        else
        {
            return null;
        }

        asked.UnionWith(network.Device.Ports.SelectMany(leg => leg.LocalAddresses).Select(address => address.Value));
        asked.Remove(0);
        return asked.Count <= (isRouter ? RouterLimit : SwitchLimit) ? asked : null;
    }

    /// <summary>The edge that ends the common way of packets that ask conntrack.</summary>
    public static Edge Of(LogicalNetwork network, NodeTable nodes, PreparedFlow flow, ActionNode action, TableKey table, SymbolicState state)
    {
        var place = PlaceOf(network, flow, action, table, state);
        if (place.IsRouted || place.Destination is not null)
        {
            return Leaf.Track(place);
        }

        var rows = new List<Row>();
        foreach (var address in (Addresses(network, table, state) ?? new HashSet<ulong>()).Order())
        {
            foreach (var (cube, exact) in CompareFolder.Equal(state[KnownFields.EthDestination], address, Bits.Ones(48)).Alternatives)
            {
                if (exact)
                {
                    rows.Add(new Row(cube, Leaf.Track(place with { Destination = address })));
                }
            }
        }

        return nodes.Lookup(state.Class, rows, Leaf.Track(place));
    }

    private static ulong AddressOf(string text) => MacAddress.TryParse(text.Split(' ')[0], out var address) ? address.Value : 0;
}
