using GatewayOS.Fuzz.Tests.Engine;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Fuzz.Tests.Targets;

/// <summary>The flow language. Its parser throws nothing: a refusal is an error that lies in the text.</summary>
internal static class LanguageTargets
{
    /// <summary>A conjunction of many sets has a product of normal forms up to the limit of <see cref="Normalization"/>.</summary>
    private const long BytesPerOctet = 200_000;

    /// <summary>OVN reads <c>arp.op == 1/24</c>, writes <c>arp.op[3..4] == 0</c>, and does not read that.</summary>
    private const string PartOfNominal = "Cannot select subfield of nominal field";

    private static readonly string[] s_pieces =
    [
        "(", ")", "{", "}", "[", "]", "==", "!=", "<", "<=", ">=", ">", "!", "&&", "||", "..", ",", ";", "=", "<->", "--", ":", "-", "$set1", "$set2", "@pg1", "^T", "\"s\"", "\"", "\\",
        "0xfffffffffffffffffffffffffffffffffffff", "1.2.3.4/8", "::1", "00:00:00:00:00:01", "ip4", "ip6", "tcp", "reg0", "xxreg0", "ct.est", "inport", "outport", "ip.proto", "tcp.dst",
        "/", "/* c */", "// x", "&", "|", ".", "\u00e9", "next;", "ct_commit", "clone { ", "select(", "put_dhcp_opts(", "offerip", "is_chassis_resident(", "!(", "((", "\t", "\n", "{1, 2, ",
    ];

    private static readonly NamedSets s_sets = new(
        [new("set1", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]), new("set2", ["::1", "00:00:00:00:00:01", "7"])], [new("pg1", ["lsp1", "lsp2"])]);

    public static FuzzTarget Matches { get; } = new("matches", Samples.Matches, s_pieces, input => Match(Words.Text(input)), BytesPerOctet);

    public static FuzzTarget Actions { get; } = new("actions", Samples.Actions, s_pieces, input => Act(Words.Text(input)), BytesPerOctet);

    private static string Match(string text)
    {
        var parser = new LogicalFlowParser();
        var (match, error) = parser.ParseMatch(text);
        if (error is not null)
        {
            return Refused(error, text);
        }

        var formatted = MatchFormatter.Format(match!);
        var again = parser.ParseMatch(formatted);
        if (again.Error?.Message.StartsWith(PartOfNominal, StringComparison.Ordinal) == true)
        {
            return "does not come back";
        }

        Require(match!.Equals(again.Match), $"{formatted} is another match");
        if (SetExpansion.Expand(match, s_sets).Match is not { } expanded)
        {
            return "unknown set";
        }

        var cubes = Normalization.Normalize(Annotation.Annotate(expanded));
        return Words.Taken(match.GetType().Name + (cubes is null ? " too large" : Words.Taken("", cubes.Value.Count)), formatted.Length);
    }

    private static string Act(string text)
    {
        var parser = new LogicalFlowParser();
        var context = new ActionContext(Pipeline.Ingress, 10);
        var actions = parser.ParseActions(text, context);
        if (actions.Error is not null)
        {
            return Refused(actions.Error, text);
        }

        var formatted = ActionFormatter.Format(actions.Actions, context);
        if (!actions.Actions.All(ComesBack))
        {
            return "does not come back";
        }

        var again = parser.ParseActions(formatted, context);
        Require(again.Error is null, $"{formatted}: {again.Error}");
        Require(actions.Actions.Equals(again.Actions), $"{formatted} are other actions");
        return Words.Taken(string.Join(' ', actions.Actions.Select(action => action.GetType().Name).Distinct().Take(2)), formatted.Length);
    }

    // All but OVN's own lossy forms, which ActionFormatter lists.
    private static bool ComesBack(ActionNode action) => action switch
    {
        ActionNode.Nested nested => nested.Actions.All(ComesBack),
        ActionNode.Log log => IsPlain(log.Name) && IsPlain(log.Meter),
        ActionNode.BindVport bind => IsPlain(bind.VirtualPort),
        ActionNode.Mirror mirror => IsPlain(mirror.Port),
        ActionNode.FwdGroup group => group.ChildPorts.Count > 0 && group.ChildPorts.All(IsPlain),
        ActionNode.SetMeter meter => meter.Rate <= long.MaxValue,
        ActionNode.Select select => IsPlain(select.HashFields),
        ActionNode.CtLoadBalance balance => IsPlain(balance.HashFields) && balance.Backends.All(backend =>
            backend.LogicalPort is null || (IsPlain(backend.LogicalPort) && (backend.Port != 0 || !backend.Address.IsIpv6))),
        _ => true,
    };

    private static bool IsPlain(string? name) => name is null || !name.AsSpan().ContainsAny('"', '\\');

    private static string Refused(LanguageError error, string text)
    {
        Require(error.Start >= 0 && error.Length >= 0 && error.Start + error.Length <= text.Length, $"{error} is at {error.Start}, {error.Length} of {text.Length}");
        return Words.Refused(error.Message);
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FuzzException(problem);
        }
    }
}
