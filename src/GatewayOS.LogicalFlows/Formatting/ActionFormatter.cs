using System.Diagnostics;
using System.Globalization;
using System.Text;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Writes actions the way OVN's ovnacts_format does; the text parses back to equal actions.</summary>
/// <remarks>
/// As in OVN, names in log, bind_vport, mirror, fwd_group and hash_fields are written without escapes, so one with a quote in it
/// does not come back; and a few forms are written that OVN does not read: <c>fwd_group</c> without ports, a meter rate above
/// 2**63, an IPv6 backend of ct_lb_mark_local without a port.
/// </remarks>
public sealed class ActionFormatter
{
    private readonly StringBuilder _output = new();
    private readonly ActionContext _context;
    private readonly LanguageVersion _version;

    private ActionFormatter(ActionContext context, LanguageVersion version)
    {
        _context = context;
        _version = version;
    }

    /// <summary><paramref name="context"/>: where the flow is; <c>next</c> is written relative to it.</summary>
    public static string Format(EquatableArray<ActionNode> actions, ActionContext context, LanguageVersion version = LanguageVersion.Any)
    {
        var formatter = new ActionFormatter(context, version);
        formatter.Write(actions);
        return formatter._output.ToString();
    }

    private void Write(EquatableArray<ActionNode> actions)
    {
        if (actions.Count == 0)
        {
            _output.Append("drop;");
            return;
        }

        for (var i = 0; i < actions.Count; i++)
        {
            _output.Append(i > 0 ? " " : "");
            Write(actions[i]);
            _output.Append(';');
        }
    }

    private void Write(ActionNode action)
    {
        var verb = ActionCatalogue.Of(action.Kind).Verb;
        _ = action switch
        {
            ActionNode.Simple { Kind: ActionKind.HandleBfdMsg } => Write($"{verb}()"),
            ActionNode.Simple => Write($"{verb}"),
            ActionNode.Next next => Write(next),
            ActionNode.Load load => Write(load),
            ActionNode.LoadString load => Write($"{load.Destination} = ").AppendQuoted(load.Value),
            ActionNode.Move move => Write($"{move.Destination} = {move.Source}"),
            ActionNode.Exchange exchange => Write($"{exchange.Left} <-> {exchange.Right}"),
            ActionNode.Push push => Write($"push({push.Source})"),
            ActionNode.Pop pop => Write($"pop({pop.Destination})"),
            ActionNode.Nested nested => Write(verb, nested),
            ActionNode.CtZone { Kind: ActionKind.CtNext } when !_version.IsFrom(LanguageVersion.Ovn2503) => Write($"{verb}"),
            ActionNode.CtZone { Kind: ActionKind.CtCommitNat } when !_version.IsFrom(LanguageVersion.Ovn2403) => Write($"{verb}"),
            ActionNode.CtZone zone => Write($"{verb}({(zone.Zone == NatZone.Dnat ? "dnat" : "snat")})"),
            ActionNode.CtCommitLegacy commit => Write(commit),
            ActionNode.CtNat nat => Write(verb, nat),
            ActionNode.CtLoadBalance balance => Write(verb, balance),
            ActionNode.Select select => Write(select),
            ActionNode.Result result => Write($"{result.Destination} = {verb}()"),
            ActionNode.GetBinding get => Write($"{verb}({get.Port}, {get.Ip})"),
            ActionNode.PutBinding put => Write($"{verb}({put.Port}, {put.Ip}, {put.Mac})"),
            ActionNode.LookupBinding lookup => Write($"{lookup.Destination} = {verb}({lookup.Port}, {lookup.Ip}, {lookup.Mac})"),
            ActionNode.LookupBindingIp lookup => Write($"{lookup.Destination} = {verb}({lookup.Port}, {lookup.Ip})"),
            ActionNode.PutFdb put => Write($"{verb}({put.Port}, {put.Mac})"),
            ActionNode.GetFdb get => Write($"{get.Destination} = {verb}({get.Mac})"),
            ActionNode.LookupFdb lookup => Write($"{lookup.Destination} = {verb}({lookup.Port}, {lookup.Mac})"),
            ActionNode.ChkEvpnArp check => Write($"{check.Destination} = {verb}({check.Ip})"),
            ActionNode.PutOptions put => Write($"{put.Destination} = {verb}(", put.Options),
            ActionNode.DhcpRelay relay => Write($"{relay.Destination} = {verb}({relay.Relay}, {relay.Server})"),
            ActionNode.SetQueueId set => Write($"{verb}({set.Queue})"),
            ActionNode.Log log => Write(log),

            // QUIRK(OVN): printed as signed numbers.
            ActionNode.SetMeter { Burst: 0 } meter => Write($"{verb}({(long)meter.Rate})"),
            ActionNode.SetMeter meter => Write($"{verb}({(long)meter.Rate}, {(long)meter.Burst})"),
            ActionNode.CheckPktLarger check => Write($"{check.Destination} = {verb}({check.Length})"),
            ActionNode.TriggerEvent trigger => Write($"{verb}(event = \"{trigger.Event}\"{(trigger.Options.Count > 0 ? ", " : "")}", trigger.Options),
            ActionNode.BindVport bind => Write($"{verb}(\"{bind.VirtualPort}\", {bind.Parent})"),
            ActionNode.HandleSvcCheck check => Write($"{verb}({check.Port})"),
            ActionNode.FwdGroup group => Write(group),
            ActionNode.CommitEcmpNh commit =>
                Write($"{verb}(ipv6 = {(commit.IsIpv6 ? "true" : "false")}, proto = {NameOf(commit.Protocol)})"),
            ActionNode.CommitLbAff commit => Write(commit),
            ActionNode.Sample sample => Write(sample),
            ActionNode.Mirror mirror => Write($"{verb}(\"{mirror.Port}\")"),
            _ => throw new UnreachableException(),
        };
    }

    private StringBuilder Write(string text) => _output.Append(text);

    private StringBuilder Write(ActionNode.Next next) =>
        next.Pipeline != _context.Pipeline
            ? Write($"next(pipeline={(next.Pipeline == Pipeline.Ingress ? "ingress" : "egress")}, table={next.Table})")
        : next.Table != _context.Table + 1 ? Write($"next({next.Table})")
        : Write($"next");

    private StringBuilder Write(ActionNode.Load load)
    {
        Write($"{load.Destination} = ");
        return _output.AppendConstant(load.Value);
    }

    private StringBuilder Write(string verb, ActionNode.Nested nested)
    {
        if (nested is { Kind: ActionKind.CtCommit, Actions.Count: 0 })
        {
            return Write($"ct_commit");
        }

        Write($"{verb} {{ ");
        Write(nested.Actions);
        return Write($" }}");
    }

    private StringBuilder Write(ActionNode.CtCommitLegacy commit)
    {
        var (hasMark, hasLabel) = (commit.MarkMask != 0, commit.LabelMask != 0);
        Write($"ct_commit{(hasMark || hasLabel ? "(" : "")}");
        if (hasMark)
        {
            // printf's %#x writes 0 without a prefix.
            Write($"ct_mark={(commit.Mark == 0 ? "0" : $"0x{commit.Mark:x}")}");
            _output.Append(commit.MarkMask == uint.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"/0x{commit.MarkMask:x}"));
        }

        if (hasLabel)
        {
            Write($"{(hasMark ? ", " : "")}ct_label=").AppendHex(commit.Label);
            if (commit.LabelMask != UInt128.MaxValue)
            {
                _output.Append('/').AppendHex(commit.LabelMask);
            }
        }

        return Write($"{(hasMark || hasLabel ? ")" : "")}");
    }

    private StringBuilder Write(string verb, ActionNode.CtNat nat)
    {
        Write($"{verb}");
        if (nat.Target is not { } target)
        {
            return _output;
        }

        Write($"({target.Address}");
        if (target.HasPorts)
        {
            Write($",{target.PortLow}{(target.PortHigh != 0 ? "-" : "")}");
            _ = target.PortHigh != 0 ? Write($"{target.PortHigh}") : _output;
        }

        return Write($")");
    }

    private StringBuilder Write(string verb, ActionNode.CtLoadBalance balance)
    {
        Write($"{verb}");
        if (balance.Backends.Count == 0)
        {
            return _output;
        }

        Write($"(backends=");
        for (var i = 0; i < balance.Backends.Count; i++)
        {
            var backend = balance.Backends[i];
            Write($"{(i > 0 ? "," : "")}");
            _ = backend.LogicalPort is not null ? Write($"\"{backend.LogicalPort}\":") : _output;
            _ = backend.Port == 0 ? Write($"{backend.Address}")
                : backend.Address.IsIpv6 ? Write($"[{backend.Address}]:{backend.Port}")
                : Write($"{backend.Address}:{backend.Port}");
        }

        _ = balance.HashFields is not null ? Write($"; hash_fields=\"{balance.HashFields}\"") : _output;
        return _output.Append(balance.Flag switch
        {
            SnatMark.None => ")",
            SnatMark.Skip => "; skip_snat)",
            SnatMark.Force => "; force_snat)",
            _ => throw new UnreachableException(),
        });
    }

    private StringBuilder Write(ActionNode.Select select)
    {
        Write($"{select.Destination} = select({(select.HashFields is null ? "" : "values=(")}");
        for (var i = 0; i < select.Members.Count; i++)
        {
            Write($"{(i > 0 ? ", " : "")}{select.Members[i].Id}={select.Members[i].Weight}");
        }

        Write($")");
        return select.HashFields is null ? _output : Write($"; hash_fields=\"{select.HashFields}\")");
    }

    private StringBuilder Write(string opening, EquatableArray<ActionOption> options)
    {
        _output.Append(opening);
        for (var i = 0; i < options.Count; i++)
        {
            Write($"{(i > 0 ? ", " : "")}{options[i].Name} = ");
            MatchFormatter.AppendItems(_output, options[i].Values.AsSpan(), options[i].InBraces);
        }

        return Write($")");
    }

    private StringBuilder Write(ActionNode.Log log)
    {
        Write($"log(");
        _ = log.Name is not null ? Write($"name=\"{log.Name}\", ") : _output;
        Write($"verdict={NameOf(log.Verdict)}, severity={NameOf(log.Severity)}");
        _ = log.Meter is not null ? Write($", meter=\"{log.Meter}\"") : _output;
        return Write($")");
    }

    private StringBuilder Write(ActionNode.FwdGroup group)
    {
        Write($"fwd_group({(group.Liveness ? "liveness=\"true\", " : "")}");
        _ = group.ChildPorts.Count > 0 ? Write($"childports=\"{string.Join("\", \"", group.ChildPorts)}\"") : _output;
        return Write($")");
    }

    private StringBuilder Write(ActionNode.CommitLbAff commit)
    {
        Write($"commit_lb_aff(vip = \"{Endpoint(commit.Vip, commit.VipPort)}\", ");
        Write($"backend = \"{Endpoint(commit.Backend, commit.BackendPort)}\", ");
        _ = commit.Protocol is { } protocol ? Write($"proto = {NameOf(protocol)}, ") : _output;
        return Write($"timeout = {commit.Timeout})");

        static string Endpoint(IpAddress address, ushort port)
        {
            var text = address.IsIpv6 ? $"[{address}]" : address.ToString();
            return port == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}:{port}");
        }
    }

    private StringBuilder Write(ActionNode.Sample sample)
    {
        Write($"sample(probability={sample.Probability},collector_set={sample.CollectorSet},obs_domain={sample.ObservationDomain},obs_point=");
        return sample.UseCookie ? Write($"$cookie)")
            : sample.PointField is { } field ? Write($"{field})")
            : Write($"{sample.Point})");
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
