using System.Globalization;
using GatewayOS.Testing;

namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>Matches over every field of the newest language, most of them valid.</summary>
internal sealed class GeneratedMatches(Dice dice)
{
    private readonly GeneratedConstants _constants = new(dice);

    public string Next() => Expression(dice.Weighted((4, 0), (4, 1), (2, 2), (1, 3)));

    private string Expression(int depth)
    {
        if (depth == 0)
        {
            return dice.Percent(10) ? Negated(Term()) : Term();
        }

        var operands = Enumerable.Range(0, 2 + dice.Below(2)).Select(_ => Operand(depth - 1));
        var text = string.Join(dice.OneOf(" && ", " || ", "&&", "||"), operands);
        return dice.Percent(15) ? $"!({text})" : text;
    }

    // OVN does not read `a && b || c`: it asks for parentheses.
    private string Operand(int depth) => depth > 0 && !dice.Percent(4) ? $"({Expression(depth)})" : Expression(depth);

    private string Negated(string term) => dice.Percent(50) ? $"!({term})" : $"!{term}";

    private string Term() => dice.Below(20) switch
    {
        0 => dice.OneOf("0", "1"),
        1 => $"is_chassis_resident({_constants.PortName()})",
        < 5 => Whole(_constants.AnyField()),
        < 8 => Membership(),
        < 10 => Range(),
        _ => Comparison(),
    };

    // A predicate, a bit, or, rarely, a field that may not stand alone.
    private string Whole(Field field) =>
        field.Width == 1 || dice.Percent(5) ? field.Name
        : field.Level == FieldLevel.Ordinal ? string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{dice.Below(field.Width)}]")
        : "ip";

    private string Comparison()
    {
        var field = dice.Percent(93) ? _constants.ValueField() : _constants.AnyField();
        var isPart = field.Level == FieldLevel.Ordinal && dice.Percent(20);
        var name = isPart ? field.Name + _constants.Part(field.Width) : field.Name;
        var constant = isPart ? _constants.Number(Math.Max(1, field.Width / 2)) : _constants.For(field);
        return dice.Percent(85) ? $"{name} {Relop(field)} {constant}" : $"{constant} {Relop(field)} {name}";
    }

    private string Relop(Field field) => field.Level == FieldLevel.Ordinal ? dice.OneOf("==", "==", "!=", "<", "<=", ">", ">=") : dice.Percent(3) ? "<" : dice.OneOf("==", "!=");

    private string Membership()
    {
        if (dice.Percent(30))
        {
            var (name, member) = dice.OneOf(
                ("ip4.src", "$set1"), ("ip6.dst", "$set2"), ("eth.src", "$set3"), ("reg0", "$set4"), ("inport", "@pg1"), ("outport", "@pg_empty"), ("ip4.dst", "{$set1, 1.2.3.4}"),
                ("ip4.src", "$none"), ("inport", "$set1"), ("ip4.src", "@pg1"), ("tcp.src", "$set1"));
            return $"{name} {dice.OneOf("==", "!=")} {member}";
        }

        var field = _constants.ValueField();
        var relop = field.IsString || dice.Percent(90) ? "==" : Relop(field);
        var set = $"{{{string.Join(dice.OneOf(", ", ",", " "), Enumerable.Range(0, 1 + dice.Below(4)).Select(_ => dice.Percent(5) ? "$set1" : _constants.For(field)))}}}";
        return $"{field.Name} {relop} {set}";
    }

    private string Range()
    {
        var field = dice.Percent(90) ? _constants.OrdinalField() : _constants.AnyField();
        var (first, second) = dice.Percent(90) ? dice.OneOf(("<", "<"), ("<=", "<="), (">", ">="), (">=", ">"), ("<", "<=")) : ("<", ">");
        return $"{_constants.Number(field.Width)} {first} {field.Name} {second} {_constants.Number(field.Width)}";
    }
}
