using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Bmv2.Tables;

/// <summary>Translates between entries as values and entries as packets meet them.</summary>
internal static class EntryCodec
{
    /// <exception cref="ControlException">The match does not fit the table.</exception>
    public static (ulong[] Value, ulong[] Mask, RangeTest[]? Ranges, int Priority) Match(
        TableDefinition table, IReadOnlyCollection<FieldMatch> matches, int priority)
    {
        var shape = table.Key;
        var value = new ulong[shape.Limbs];
        var mask = new ulong[shape.Limbs];
        List<RangeTest>? ranges = null;
        var prefix = 0;
        var given = new HashSet<KeyField>();
        foreach (var match in matches)
        {
            var field = Find(table, match.Field);
            if (!given.Add(field))
            {
                throw ControlException.Invalid($"the field '{match.Field}' is matched twice");
            }

            var (bits, care) = Masked(table, field, match);
            field.Place(bits, value);
            field.Place(care, mask);
            prefix = match is FieldMatch.Lpm lpm ? lpm.PrefixLength : prefix;
            if (match is FieldMatch.Range range)
            {
                RequireFits(table, field, range.High);
                if (range.Low > range.High)
                {
                    throw ControlException.Invalid($"the range of '{match.Field}' is empty");
                }

                (ranges ??= []).Add(new RangeTest(field.Limb, field.Shift, (ulong)field.Full, (ulong)range.Low, (ulong)range.High));
            }
        }

        if (Array.Find(shape.Fields, field => field.Kind == KeyKind.Exact && !given.Contains(field)) is { } missing)
        {
            throw ControlException.Invalid($"the table '{table.Name}' needs a value of '{missing.Name}'");
        }

        if (shape.HasPriority ? priority < 1 : priority != 0)
        {
            throw ControlException.Invalid(shape.HasPriority
                ? $"an entry of the table '{table.Name}' needs a priority of at least 1"
                : $"an entry of the table '{table.Name}' has no priority");
        }

        // Tests in the order of the key make equal matches equal.
        ranges?.Sort((left, right) => (left.Limb, left.Shift).CompareTo((right.Limb, right.Shift)));
        return (value, mask[shape.ExactLimbs..], ranges?.ToArray(), shape.HasPriority ? priority : prefix);
    }

    /// <exception cref="ControlException">The action is not one of the table's, or its arguments do not fit.</exception>
    public static (ActionDefinition Action, ulong[] Data) Call(IEnumerable<ActionDefinition> actions, ActionCall call, string where)
    {
        var action = actions.FirstOrDefault(action => IsNamed(action.Name, call.Name))
            ?? throw ControlException.Invalid($"'{call.Name}' is no action of {where}");
        if (call.Arguments.Count != action.Parameters.Length)
        {
            throw ControlException.Invalid($"the action '{action.Name}' takes {action.Parameters.Length} arguments, not {call.Arguments.Count}");
        }

        var data = new ulong[action.DataLimbs];
        foreach (var argument in call.Arguments)
        {
            var parameter = Array.Find(action.Parameters, parameter => parameter.Name == argument.Name);
            if (parameter.Name is null || parameter.Width > 128)
            {
                throw ControlException.Invalid($"the action '{action.Name}' takes no argument '{argument.Name}' of at most 128 bits");
            }

            if (argument.Value > UInt128.MaxValue >> (128 - parameter.Width))
            {
                throw ControlException.Invalid($"the argument '{argument.Name}' of '{action.Name}' has more than {parameter.Width} bits");
            }

            data[parameter.Limb] = (ulong)argument.Value;
            if (parameter.Limbs > 1)
            {
                data[parameter.Limb + 1] = (ulong)(argument.Value >> 64);
            }
        }

        return (action, data);
    }

    public static ActionCall ToCall(ActionDefinition action, ulong[] data) => new(action.Name, action.Parameters
        .Select(parameter => new ActionArgument(
            parameter.Name, parameter.Limbs > 1 ? new UInt128(data[parameter.Limb + 1], data[parameter.Limb]) : data[parameter.Limb]))
        .ToEquatableArray());

    public static TableEntry ToTableEntry(TableDefinition table, Entry entry)
    {
        var matches = new List<FieldMatch>();
        var full = new ulong[table.Key.Limbs];
        entry.Mask.CopyTo(full, table.Key.ExactLimbs);
        foreach (var field in table.Key.Fields)
        {
            var value = field.Extract(entry.Value);
            var mask = field.Kind == KeyKind.Exact ? field.Full : field.Extract(full);
            switch (field.Kind)
            {
                case KeyKind.Exact:
                    matches.Add(new FieldMatch.Exact(field.Name, value));
                    break;
                case KeyKind.Lpm when mask != 0:
                    matches.Add(new FieldMatch.Lpm(field.Name, value, (int)UInt128.PopCount(mask)));
                    break;
                case KeyKind.Ternary when mask != 0:
                    matches.Add(new FieldMatch.Ternary(field.Name, value, mask));
                    break;
                case KeyKind.Range when Array.Find(entry.Ranges ?? [], range => range.Limb == field.Limb && range.Shift == field.Shift) is { Full: > 0 } test:
                    matches.Add(new FieldMatch.Range(field.Name, test.Low, test.High));
                    break;
            }
        }

        return new TableEntry(table.Name, matches.ToEquatableArray(), table.Key.HasPriority ? entry.Priority : 0, ToAction(entry.Binding))
        {
            IdleTimeout = TimeSpan.FromMicroseconds(entry.IdleTimeout),
        };
    }

    /// <summary>Whether a full name of the program, such as <c>ingress.route</c>, is meant: by itself or by its last components.</summary>
    public static bool IsNamed(string full, string name) => full == name
        || (full.Length > name.Length && full[^(name.Length + 1)] == '.' && full.EndsWith(name, StringComparison.Ordinal));

    private static TableAction ToAction(Binding binding) => binding.Target switch
    {
        null => ToCall(binding.Action!, binding.Data),
        ProfileTarget.Member { Id: { } id } => new MemberReference(id),
        ProfileTarget.Group { Id: { } id } => new GroupReference(id),
        ProfileTarget.Group group => new ActionSet(group.Members
            .Select(member => new WeightedCall(ToCall(member.Member.Action, member.Member.Data), member.Weight))
            .ToEquatableArray()),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <remarks>P4Info writes a validity key as <c>h.isValid()</c>, the JSON as <c>h.$valid$</c>.</remarks>
    private static KeyField Find(TableDefinition table, string name) =>
        Array.Find(table.Key.Fields, field => field.Name == name)
        ?? Array.Find(table.Key.Fields, field => field.Name.Replace("$valid$", "isValid()", StringComparison.Ordinal) == name)
        ?? throw ControlException.Invalid($"the table '{table.Name}' has no key field '{name}'");

    private static (UInt128 Value, UInt128 Mask) Masked(TableDefinition table, KeyField field, FieldMatch match)
    {
        switch (match, field.Kind)
        {
            case (FieldMatch.Exact exact, KeyKind.Exact or KeyKind.Ternary):
                RequireFits(table, field, exact.Value);
                return (exact.Value, field.Full);
            case (FieldMatch.Lpm lpm, KeyKind.Lpm):
                RequireFits(table, field, lpm.Value);
                var mask = lpm.PrefixLength is > 0 && lpm.PrefixLength <= field.Width
                    ? field.Full << (field.Width - lpm.PrefixLength) & field.Full
                    : throw ControlException.Invalid($"the prefix of '{field.Name}' has to have 1 to {field.Width} bits");
                return (lpm.Value & ~mask) == 0
                    ? (lpm.Value, mask)
                    : throw ControlException.Invalid($"'{field.Name}' has bits set behind its prefix");
            case (FieldMatch.Ternary ternary, KeyKind.Ternary):
                RequireFits(table, field, ternary.Mask);
                return (ternary.Value, ternary.Mask);
            case (FieldMatch.Range, KeyKind.Range):
                return (0, 0);
            default:
                throw ControlException.Invalid($"the field '{field.Name}' of '{table.Name}' is not matched this way");
        }
    }

    private static void RequireFits(TableDefinition table, KeyField field, UInt128 value)
    {
        if (value > field.Full)
        {
            throw ControlException.Invalid($"the value of '{field.Name}' of '{table.Name}' has more than {field.Width} bits");
        }
    }
}
