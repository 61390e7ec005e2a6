using System.Globalization;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Where packets first ask conntrack: what the device has to know of a packet there, and what such a place is called.</summary>
/// <remarks>
/// An entry of a connection is found by its number and the state. What comes after conntrack may ask for the Ethernet destination, which is no part of
/// the 5-tuple: so the state fixes it, as one of the addresses that are asked for later, or as none of them. It also tells whether a router was
/// passed: without one, only packets that came with this address are in the state.
/// </remarks>
internal static class TrackPoint
{
    /// <summary>More addresses than this are not told apart.</summary>
    public const int AddressLimit = 64;

    /// <summary>The addresses that the state of a packet here tells from all others; null if there are too many.</summary>
    public static IReadOnlySet<ulong>? Addresses(LogicalNetwork network, TableKey table, SymbolicState state)
    {
        var isRouter = network.Datapath(table.Datapath).IsRouter;
        if (isRouter && table.Pipeline == Pipeline.Ingress)
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
        return asked.Count <= AddressLimit ? asked : null;
    }

    /// <param name="action">As OVN wrote it.</param>
    /// <param name="flow">The logical flow.</param>
    /// <param name="destination">The Ethernet destination; null: none that matters.</param>
    /// <param name="routers">How many routers were passed.</param>
    public static PuntCause Cause(string action, Guid flow, ulong? destination, int routers)
    {
        var detail = destination is { } address ? $"{action} for {new MacAddress(address)}" : action;
        return new PuntCause(Reasons.Conntrack, routers == 0 ? detail : string.Create(CultureInfo.InvariantCulture, $"{detail} behind {routers} routers"), flow);
    }

    /// <summary>The edge that ends the common way of packets that ask conntrack.</summary>
    public static Edge Of(LogicalNetwork network, NodeTable nodes, PreparedFlow flow, TableKey table, SymbolicState state)
    {
        var routers = state.Routers;
        if (state[KnownFields.EthDestination].ConstantValue is { } known)
        {
            return Leaf(flow, (ulong)known, routers);
        }

        var rows = new List<Row>();
        foreach (var address in (Addresses(network, table, state) ?? new HashSet<ulong>()).Order())
        {
            foreach (var (cube, exact) in CompareFolder.Equal(state[KnownFields.EthDestination], address, Bits.Ones(48)).Alternatives)
            {
                if (exact)
                {
                    rows.Add(new Row(cube, Leaf(flow, address, routers)));
                }
            }
        }

        return nodes.Lookup(state.Class, rows, Leaf(flow, null, routers));
    }

    private static Edge Leaf(PreparedFlow flow, ulong? destination, int routers) =>
        new(Edits.None, new Target.Track(Cause(flow.Text.Actions, flow.Uuid, destination, routers)), FlowTrail.Empty);

    private static ulong AddressOf(string text) => MacAddress.TryParse(text.Split(' ')[0], out var address) ? address.Value : 0;
}
