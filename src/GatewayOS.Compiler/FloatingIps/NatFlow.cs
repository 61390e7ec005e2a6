using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.FloatingIps;

/// <summary>A logical flow whose last action asks a router's conntrack zones for NAT, or that balances load.</summary>
/// <param name="Row">As ovn-northd wrote it.</param>
/// <param name="Kind">What it asks for.</param>
/// <param name="Target">What an address becomes; null if only known connections are translated.</param>
/// <param name="Before">Its actions before that one.</param>
/// <param name="Source">What the source must be, if that is all or a prefix of an address.</param>
/// <param name="Destination">What the destination must be, likewise.</param>
/// <param name="Backends">Where a load balancer's connections go; empty for NAT.</param>
internal sealed record NatFlow(
    LogicalFlow Row, NatKind Kind, IpAddress? Target, string Before, AddressMatch? Source, AddressMatch? Destination, EquatableArray<IpAddress> Backends)
{
    /// <returns>Null if the flow is none, or does not parse.</returns>
    public static NatFlow? Read(LogicalFlow row, LogicalFlowParser parser)
    {
        if (!row.Actions.Contains("ct_", StringComparison.Ordinal))
        {
            return null;
        }

        var context = new ActionContext(row.IsIngress ? Pipeline.Ingress : Pipeline.Egress, row.TableId);
        if (parser.ParseActions(row.Actions, context) is not { Error: null, Actions: [.., var last] actions } || parser.ParseMatch(row.Match) is not { Match: { } match })
        {
            return null;
        }

        ActionNode.CtLoadBalance[] balancing = [.. actions.OfType<ActionNode.CtLoadBalance>()];
        (NatKind Kind, IpAddress? Target)? asked = last switch
        {
            ActionNode.CtNat { Kind: ActionKind.CtDnat or ActionKind.CtDnatInCommonZone, Target: var to } => (NatKind.Destination, to?.Address),
            ActionNode.CtNat { Kind: ActionKind.CtSnat or ActionKind.CtSnatInCommonZone, Target: var to } => (NatKind.Source, to?.Address),
            ActionNode.CtZone { Kind: ActionKind.CtNext, Zone: NatZone.Snat } => (NatKind.Track, null),
            _ => balancing.Length > 0 ? (NatKind.LoadBalance, null) : null,
        };
        var terms = match is Expr.And(var operands) ? operands : [match];
        return asked is not var (kind, target) ? null : new NatFlow(
            row, kind, target, actions.Count == 1 ? "" : ActionFormatter.Format(actions.Take(actions.Count - 1).ToEquatableArray(), context) + " ",
            AddressMatch.Find(terms, "ip4.src", "ip6.src"), AddressMatch.Find(terms, "ip4.dst", "ip6.dst"),
            balancing.SelectMany(action => action.Backends).Select(backend => backend.Address).ToEquatableArray())
        {
            HasPorts = last is ActionNode.CtNat { Target.HasPorts: true },
        };
    }

    /// <summary>Whether ports are translated, too.</summary>
    public bool HasPorts { get; init; }

    /// <summary>The row with the address written as it is, as ovn-northd does for stateless NAT; and only the next table if it writes none.</summary>
    public LogicalFlow Stateless() => Row with
    {
        Actions = Before + (Target is not { } to ? "next;" : $"ip{(to.IsIpv6 ? 6 : 4)}.{(Kind == NatKind.Destination ? "dst" : "src")} = {to}; next;"),
    };
}
