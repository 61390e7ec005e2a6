using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tests.Peers;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Tests.Comparison;

/// <summary>Traces packets here and with ovn-trace and compares the texts.</summary>
internal sealed partial class TraceComparison(ReferenceNetwork network, string remote, ImmutableArray<string> states) : IDisposable
{
    // Each backend or member that a hash could have picked is tried, up to this many times.
    private const int MaxTries = 400;

    // Milliseconds, for one search in one trace.
    private const int Patience = 10_000;

    private readonly Interpreter _interpreter = new(network);
    private readonly ImmutableArray<ConnectionState> _states = [.. states.Select(Parse)];
    private OvnTraceDaemon _daemon = new(remote, states);
    private int _used;

    public int Compared { get; private set; }

    /// <summary>How many went through conntrack with a given state.</summary>
    public int Tracked { get; private set; }

    /// <summary>How many met flows of equal priority with different actions, of which any may win; ovn-trace's choice was taken over.</summary>
    public int Ambiguous { get; private set; }

    public int Steps { get; private set; }

    /// <summary>How many were left out because they run in a circle, in which ovn-trace follows them until its memory is full.</summary>
    public int Endless { get; private set; }

    /// <summary>How many were left out because ovn-trace aborts when it executes <c>nd_na_router</c> (an assertion in ovnact_get_ND_NA).</summary>
    public int Aborting { get; private set; }

    /// <summary>Compares one packet.</summary>
    /// <returns>What differs, or null.</returns>
    public string? Compare(ReferenceDatapath datapath, string microflow)
    {
        var alone = _interpreter.Trace(new TraceRequest(datapath, _interpreter.ParseMicroflow(datapath, microflow))
        {
            States = _states[_used..],
            Limits = OvnTraceLimits.All,
        });
        if (alone.IsCutShort)
        {
            Endless++;
            return null;
        }

        if (alone.Outcomes.Any(outcome => outcome is TraceOutcome.Controlled { Action: var action } && action.StartsWith("nd_na_router ", StringComparison.Ordinal)))
        {
            Aborting++;
            return null;
        }

        Compared++;
        (string Detailed, string Minimal) theirs;
        try
        {
            theirs = _daemon.Trace(datapath.Row.Uuid.ToString(), microflow);
        }
        catch (EndOfStreamException)
        {
            Restart();
            return $"{datapath.Name} {microflow}\n--- ovn-trace crashed, or did not end";
        }

        var detailed = Normal(theirs.Detailed);
        var minimal = Normal(theirs.Minimal);
        var result = Trace(
            datapath, microflow,
            [.. Table().Matches(detailed).Select(match => match.Groups["uuid"].Value)],
            root => (Normal(TraceText.Detailed(root)), Normal(TraceText.Minimal(root))) == (detailed, minimal),
            out var isEqual);
        Steps += result.Steps.Length;
        Tracked += result.StatesUsed > 0 ? 1 : 0;
        Ambiguous += result.IsAmbiguous ? 1 : 0;
        if (isEqual)
        {
            _used += result.StatesUsed;
            return null;
        }

        // It may have used another number of states than this side.
        if (_used < states.Length)
        {
            Restart();
        }

        return $"{datapath.Name} {microflow}\n--- ovn-trace\n{detailed}{minimal}--- here\n{Normal(TraceText.Detailed(result.Root))}{Normal(TraceText.Minimal(result.Root))}";
    }

    public void Dispose() => _daemon.Dispose();

    private void Restart()
    {
        _daemon.Dispose();
        _daemon = new OvnTraceDaemon(remote, states[_used..]);
    }

    // Goes through the combinations of choices like a counter, the last choice first.
    private TraceResult Trace(
        ReferenceDatapath datapath, string microflow, ImmutableArray<string> theirFlows, Func<TraceNode, bool> isWanted, out bool isEqual)
    {
        var taken = new List<int>();
        TraceResult? first = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var position = 0;
            var result = _interpreter.Trace(new TraceRequest(datapath, _interpreter.ParseMicroflow(datapath, microflow))
            {
                States = _states[_used..],
                Limits = OvnTraceLimits.All,
                Choose = choice => choice.Kind == TraceChoiceKind.Flow ? TheirFlow(choice, theirFlows)
                    : position < taken.Count ? taken[position++] : 0,
            });
            first ??= result;
            if (isWanted(result.Root))
            {
                isEqual = true;
                return result;
            }

            var hashed = result.Choices.Where(choice => choice.Kind != TraceChoiceKind.Flow).ToList();
            taken = [.. hashed.Select(choice => choice.Taken)];
            while (taken.Count > 0 && taken[^1] + 1 == hashed[taken.Count - 1].Alternatives.Length)
            {
                taken.RemoveAt(taken.Count - 1);
            }

            if (taken.Count == 0)
            {
                break;
            }

            taken[^1]++;
        }

        isEqual = false;
        return first!;
    }

    // Of flows of equal priority, the one that ovn-trace took at this step.
    private static int TheirFlow(TraceChoice choice, ImmutableArray<string> theirFlows)
    {
        var their = theirFlows.ElementAtOrDefault(choice.TablesBefore);
        return Math.Max(0, choice.Alternatives.ToList().FindIndex(uuid => uuid[..8] == their));
    }

    private static ConnectionState Parse(string text) =>
        ConnectionStates.TryParse(text, out var state, out var error) ? state : throw new FormatException(error);

    // What ovn-trace writes differently without meaning it: the address of the wrong packet field in a remark, a missing underscore, the packet that
    // is logged, a comment at the end of a match, which backend or member was random, and underlining that follows from these.
    private static string Normal(string text)
    {
        text = Binding().Replace(text, "/* MAC binding found. */");
        text = FdbBinding().Replace(text, "/* MAC lookup found in FDB. */");
        text = Logged().Replace(text, "");
        text = LastComment().Replace(text, "");
        text = text.Replace(" /* Randomly selected. Use --select-id to specify. */", "", StringComparison.Ordinal)
            .Replace("ct_dnatin_czone", "ct_dnat_in_czone", StringComparison.Ordinal)
            .Replace("ct_snatin_czone", "ct_snat_in_czone", StringComparison.Ordinal);
        return Underlining().Replace(text, "");
    }

    [GeneratedRegex(@"^ *[0-9]+\. .*?(uuid (?<uuid>[0-9a-f]{8})|\(implicit drop\))$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Table();

    [GeneratedRegex(@"/\* MAC binding to [0-9a-f:]+ found\. \*/", RegexOptions.None, Patience)]
    private static partial Regex Binding();

    [GeneratedRegex(@"/\* MAC lookup for [0-9a-f:]+ found in FDB\. \*/", RegexOptions.None, Patience)]
    private static partial Regex FdbBinding();

    [GeneratedRegex(", packet=\"[^\n]*\"", RegexOptions.None, Patience)]
    private static partial Regex Logged();

    [GeneratedRegex(@" /\*[^*\n]*\*/(?=, priority [0-9]+, uuid )", RegexOptions.None, Patience)]
    private static partial Regex LastComment();

    [GeneratedRegex("^ *-+\n", RegexOptions.Multiline, Patience)]
    private static partial Regex Underlining();
}
