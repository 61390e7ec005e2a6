using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Whose conntrack zone an action asks, as far as the way of the packets tells (table 0, 38 and 65 of br-int, controller/physical.c).</summary>
public abstract record ZoneOwner
{
    /// <summary>The logical port by which the packets came in.</summary>
    public sealed record InPort : ZoneOwner
    {
        public static readonly InPort Instance = new();
    }

    /// <summary>Some port of a switch.</summary>
    public sealed record Switch(Guid Datapath) : ZoneOwner;

    /// <summary>One of a router's two.</summary>
    public sealed record Router(Guid Datapath, NatZone Zone) : ZoneOwner;

    internal static ZoneOwner Of(LogicalNetwork network, ActionNode action, TableKey table, SymbolicState state) =>
        network.Datapath(table.Datapath).IsRouter ? new Router(table.Datapath, ZoneOf(action))
        : table.Pipeline == Pipeline.Ingress && state.Crossings == 0 ? InPort.Instance
        : new Switch(table.Datapath);

    /// <summary>Which of a router's zones an action uses (lib/actions.c, encode_ct_nat and others).</summary>
    internal static NatZone ZoneOf(ActionNode action) => action switch
    {
        ActionNode.CtZone zone => zone.Zone,
        ActionNode.CtNat { Kind: ActionKind.CtSnat } => NatZone.Snat,
        _ => NatZone.Dnat,
    };
}
