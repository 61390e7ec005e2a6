using System.Globalization;
using System.Runtime.CompilerServices;
using GatewayOS.Bmv2;
using GatewayOS.Compiler.Automaton;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>Says what became of a packet, and which flow, action or check made it so.</summary>
internal sealed class VerdictFinder(
    PacketTrace trace, byte[] packet, IReadOnlyList<Hit> hits, IReadOnlyList<TraceStep> lookups, DeviceContent content, FlowCatalogue flows)
{
    // meta.verdict, p4/ids.p4.
    private const int Forward = 1, Drop = 2;

    // meta.color, RFC 2698.
    private const int Red = 2;

    /// <param name="outputs">What left the switch.</param>
    public ExplainedVerdict Find(IReadOnlyList<ExplainedOutput> outputs) => (int)trace["meta.verdict"] switch
    {
        Forward when outputs.Count == 0 => new ExplainedVerdict(
            ExplainedVerdict.Drop, "lost in egress", "the output has no framing or encapsulation; the device counts it as lost", null, null, []),
        Forward => new ExplainedVerdict(ExplainedVerdict.Forward, "", "", null, null, outputs),
        Drop => Dropped(),
        _ => Punted((int)trace["meta.reason"]),
    };

    private ExplainedVerdict Dropped()
    {
        if ((int)trace["meta.color"] == Red)
        {
            return new ExplainedVerdict(
                ExplainedVerdict.Drop, "a meter drops it", Text($"the packet of {packet.Length} octets is larger than what the QoS rule lets pass at once"), null, null, []);
        }

        if (hits is not [.., { Entry.Action: ActionCall { Name: ActionNames.Deny or ActionNames.Discard } }])
        {
            return new ExplainedVerdict(
                ExplainedVerdict.Drop, "it would go back to the logical port it came from",
                "OVN does not do that unless a flow sets flags.loopback (ovn-architecture(7))", null, null, []);
        }

        var last = hits.Where(hit => hit.Origin is not null).SelectMany(hit => hit.Origin!.Flows).Select(flows.Describe).LastOrDefault();
        var goesOn = last is not null && (last.Actions.Contains("next", StringComparison.Ordinal) || last.Actions.Contains("output", StringComparison.Ordinal));
        return new ExplainedVerdict(
            ExplainedVerdict.Drop, "a logical flow drops it",
            goesOn ? "no flow of the table that follows matches, which means drop (ovn-sb(5), Logical_Flow)" : last?.Actions ?? "",
            last, null, []);
    }

    private ExplainedVerdict Punted(int reason)
    {
        var (text, detail, flow) = reason >= PuntReasons.FirstOfCompiler ? OfCompiler(reason) : OfProgram((PuntReason)reason);
        return new ExplainedVerdict(
            ExplainedVerdict.Punt, text, detail, flow is { } uuid ? flows.Describe(uuid) : null, Remedies.For(reason, content.Reasons, detail), []);
    }

    // The last entry with this reason is the one that the packet ended in.
    private (string Reason, string Detail, Guid? Flow) OfCompiler(int reason)
    {
        var text = content.Reasons.GetValueOrDefault((uint)reason) ?? Text($"reason {reason}");
        return Causes.LastOrDefault(cause => cause.Reason == text) is { } found ? (text, found.Detail, found.Flow) : (text, "", null);
    }

    private (string Reason, string Detail, Guid? Flow) OfProgram(PuntReason reason)
    {
        var text = Enum.IsDefined(reason) ? PuntReasons.Describe(reason) : Text($"reason {(int)reason}");
        var tracked = reason == PuntReason.ConnectionLifecycle ? Causes.LastOrDefault() : null;
        return (text, Detail(reason), tracked?.Flow);
    }

    private IEnumerable<PuntCause> Causes => hits.Select(hit => hit.Origin?.Cause).OfType<PuntCause>();

    private string Detail(PuntReason reason) => reason switch
    {
        PuntReason.UnknownTunnelPeer => $"no entry of tunnel_peer has {LastKey(TableNames.TunnelPeer)}",
        PuntReason.NoEntryPoint => lookups is [.., var last] ? $"no entry of {last.Table} has {LastKey(last.Table)}" : "",
        PuntReason.NoEntry => Text($"no entry for state 0x{trace["meta.state"]:x} in {string.Join(", ", lookups.Where(step => !step.Hit).Select(step => step.Table))}"),
        PuntReason.TooLarge => Text($"{trace["meta.frame_len"]} octets, the output takes {trace["meta.max_len"]}"),
        PuntReason.NoOutput => Text($"output {trace["meta.output"]}"),
        PuntReason.ConnectionLifecycle => Text($"tcp.flags 0x{trace["meta.tcp_flags"]:x3}: {Causes.LastOrDefault()?.Detail}"),
        // The path passes as many routers as the packet has hops left.
        PuntReason.TimeToLive when trace["meta.ttl_dec"] > 0 && trace["meta.ttl_dec"] >= trace["meta.ttl"] =>
            Text($"ip.ttl {trace["meta.ttl"]} on a path of {trace["meta.ttl_dec"]} routers"),
        PuntReason.None or PuntReason.NotIp or PuntReason.GroupAddress or PuntReason.OptionsOrExtensions or PuntReason.Fragment or PuntReason.TimeToLive
            or PuntReason.Malformed or PuntReason.Martian or PuntReason.ControlProtocol or PuntReason.TunnelHeader or PuntReason.VlanStack
            or PuntReason.Checksum or _ => new SoftwareCheck(trace, packet).Find() is var (_, detail) ? detail : Detail(PuntReason.NoEntryPoint),
    };

    private string LastKey(string table) =>
        lookups.LastOrDefault(step => step.Table == table) is { } step ? KeyText.Of(table, step.Key) : "the packet's key";

    private static string Text(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
