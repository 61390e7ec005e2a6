using System.CommandLine;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl lflow check</c>: whether texts are in OVN's flow language, and how OVN itself writes them.</summary>
internal static class LflowCommand
{
    private const string Match = "match";
    private const string Actions = "actions";

    // Where actions are taken to be: `next;` is table 11, and `next(11);` is written `next;`.
    private const int Table = 10;

    public static Command Create(Func<Stream> input, TextWriter output)
    {
        var addressSets = Sets("--address-set", "An address set that matches may name: NAME=A,B,...");
        var portGroups = Sets("--port-group", "A port group that matches may name: NAME=P,Q,...");
        var annotate = new Option<bool>("--annotate") { Description = "Print matches with the prerequisites of their fields." };
        var release = new Option<string>("--ovn-version")
        {
            Description = "Whose language: any (what some OVN from 22.03 on accepts, written as by the newest), 22.03, 22.06, ... 26.03, newest.",
            HelpName = "VERSION",
            DefaultValueFactory = _ => LanguageVersion.Any.ToText(),
        };
        var check = new Command(
            "check",
            "Reads lines `match TEXT` or `actions TEXT` (as in ingress table 10) from stdin, and prints `ok<TAB>canonical form` or `error<TAB>message` for each.")
        {
            addressSets,
            portGroups,
            annotate,
            release,
        };
        check.SetAction(async (line, token) =>
        {
            var sets = new NamedSets(Read(line.GetValue(addressSets)!), Read(line.GetValue(portGroups)!));
            var version = LanguageVersions.TryParse(line.GetValue(release)!, out var known) ? known
                : throw new CommandException($"'{line.GetValue(release)}' is no OVN version: {string.Join(", ", Enum.GetValues<LanguageVersion>().Select(LanguageVersions.ToText))}");
            var parser = new LogicalFlowParser(version);
            using var reader = new StreamReader(input());
            while (await reader.ReadLineAsync(token) is { } text)
            {
                await output.WriteLineAsync(Answer(parser, sets, line.GetValue(annotate), text));
                await output.FlushAsync(token);
            }
        });
        return new Command("lflow", "Looks at texts of logical flows.") { check };
    }

    private static string Answer(LogicalFlowParser parser, NamedSets sets, bool annotate, string line)
    {
        var (kind, text) = line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var blank ? (line[..blank], line[(blank + 1)..]) : (line, "");
        switch (kind)
        {
            case Match:
                var match = parser.ParseMatch(text, sets);
                return match.Match is { } tree
                    ? $"ok\t{MatchFormatter.Format(annotate ? Annotation.Annotate(tree) : tree)}"
                    : $"error\t{match.Error}";
            case Actions:
                var version = parser.Symbols.Version;
                var context = ActionContext.For(version, Pipeline.Ingress, Table);
                var actions = parser.ParseActions(text, context);
                return actions.Error is null ? $"ok\t{ActionFormatter.Format(actions.Actions, context, version)}" : $"error\t{actions.Error}";
            default:
                return $"error\ta line is `{Match} TEXT` or `{Actions} TEXT`";
        }
    }

    private static Option<string[]> Sets(string name, string description) =>
        new(name) { Description = description, HelpName = "NAME=VALUES", DefaultValueFactory = _ => [] };

    private static IEnumerable<KeyValuePair<string, IEnumerable<string>>> Read(string[] sets) => sets.Select(text =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? KeyValuePair.Create(text[..equals], (IEnumerable<string>)text[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            : throw new CommandException($"'{text}' is no set: write NAME=VALUE,VALUE,..."))
        .GroupBy(set => set.Key, (name, same) => KeyValuePair.Create(name, same.SelectMany(set => set.Value)));
}
