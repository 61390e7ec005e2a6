using System.Diagnostics;

namespace GatewayOS.P4;

/// <summary>Tells what keeps a <see cref="TableEntry"/> from being an entry of the <see cref="Pipeline"/>.</summary>
/// <remarks>For tests and assertions of the compiler: a target refuses the same entries, later and with less to say.</remarks>
public static class EntryChecks
{
    /// <summary>The first thing wrong with the entry as a sentence, or null.</summary>
    public static string? Problem(TableEntry entry)
    {
        if (!Pipeline.TablesByName.TryGetValue(entry.Table, out var table))
        {
            return $"there is no table '{entry.Table}'";
        }

        if (table.HasPriority != entry.Priority > 0)
        {
            return table.HasPriority ? $"{table.Name} needs a priority of at least 1" : $"{table.Name} takes no priority";
        }

        return MatchProblem(table, entry) ?? ActionProblem(table, entry.Action);
    }

    private static string? MatchProblem(TableShape table, TableEntry entry)
    {
        var next = 0;
        foreach (var key in table.Keys)
        {
            if (next < entry.Match.Count && entry.Match[next].Field == key.Name)
            {
                if (FieldProblem(key, entry.Match[next++]) is { } problem)
                {
                    return $"{table.Name}.{key.Name}: {problem}";
                }
            }
            else if (key.Kind == MatchKind.Exact)
            {
                return $"{table.Name}.{key.Name} is missing or out of order";
            }
        }

        return next == entry.Match.Count ? null : $"{table.Name}.{entry.Match[next].Field} is unknown or out of order";
    }

    private static string? FieldProblem(KeyShape key, FieldMatch match)
    {
        var highest = Highest(key.Width);
        return match switch
        {
            FieldMatch.Exact exact when key.Kind == MatchKind.Exact => Above(exact.Value, highest),
            FieldMatch.Lpm lpm when key.Kind == MatchKind.Lpm =>
                lpm.PrefixLength < 1 || lpm.PrefixLength > key.Width ? $"prefix length {lpm.PrefixLength} is not in 1..{key.Width}"
                : (lpm.Value & Highest(key.Width - lpm.PrefixLength)) != 0 ? "bits below the prefix are set"
                : Above(lpm.Value, highest),
            FieldMatch.Ternary ternary when key.Kind == MatchKind.Ternary =>
                ternary.Mask == 0 ? "a mask of 0 must be left out" : Above(ternary.Mask, highest),
            FieldMatch.Range range when key.Kind == MatchKind.Range =>
                range.Low > range.High ? "the range is empty"
                : range.Low == 0 && range.High == highest ? "the whole range must be left out"
                : Above(range.High, highest),
            FieldMatch.Exact or FieldMatch.Lpm or FieldMatch.Ternary or FieldMatch.Range => $"is a {key.Kind} field",
            _ => throw new UnreachableException(),
        };
    }

    private static string? ActionProblem(TableShape table, TableAction action) => action switch
    {
        ActionCall call => CallProblem(table, call),
        ActionSet set when table.Profile is not null =>
            set.Calls.Count == 0 ? $"{table.Name}: the set of calls is empty"
            : set.Calls.Select(one => one.Weight < 1 ? $"weight {one.Weight} is below 1" : CallProblem(table, one.Call))
                .FirstOrDefault(problem => problem is not null),
        MemberReference or GroupReference when table.Profile is not null => null,
        ActionSet or MemberReference or GroupReference => $"{table.Name} has no action profile",
        _ => throw new UnreachableException(),
    };

    private static string? CallProblem(TableShape table, ActionCall call)
    {
        if (!table.Actions.Contains(call.Name))
        {
            return $"{table.Name} has no action '{call.Name}'";
        }

        var parameters = Pipeline.Actions[call.Name].Parameters;
        if (!parameters.Select(parameter => parameter.Name).SequenceEqual(call.Arguments.Select(argument => argument.Name)))
        {
            return $"{call} does not have the parameters ({string.Join(", ", parameters.Select(parameter => parameter.Name))})";
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            if (Above(call.Arguments[i].Value, Highest(parameters[i].Width)) is { } problem)
            {
                return $"{call.Name}.{parameters[i].Name}: {problem}";
            }
        }

        return null;
    }

    // A shift by 128 is a shift by 0.
    private static UInt128 Highest(int width) => width == 0 ? 0 : UInt128.MaxValue >> (128 - width);

    private static string? Above(UInt128 value, UInt128 highest) =>
        value > highest ? $"0x{value:x} is above 0x{highest:x}" : null;
}
