using System.Diagnostics;
using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>Writes matches the way OVN's expr_format does; the text parses back to an equal tree, but for masks on nominal fields, which OVN writes as parts that it does not read.</summary>
public static class MatchFormatter
{
    public static string Format(Expr match)
    {
        var output = new StringBuilder();
        Append(output, match);
        return output.ToString();
    }

    internal static void Append(StringBuilder output, Expr match)
    {
        switch (match)
        {
            case Expr.Boolean boolean:
                output.Append(boolean.Value ? '1' : '0');
                break;
            case Expr.And and:
                AppendOperands(output, and.Operands.AsSpan(), " && ");
                break;
            case Expr.Or or:
                AppendOperands(output, or.Operands.AsSpan(), " || ");
                break;
            case Expr.Compare compare:
                AppendCompare(output, compare);
                break;
            case Expr.CompareString compare:
                output.Append(compare.Field.Name).Append(Operator(compare.Relop)).AppendQuoted(compare.Value);
                break;
            case Expr.ChassisResident resident:
                output.Append(resident.IsNegated ? "!" : "").Append("is_chassis_resident(").AppendQuoted(resident.Port).Append(')');
                break;
            case Expr.InSet set:
                AppendInSet(output, set);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void AppendOperands(StringBuilder output, ReadOnlySpan<Expr> operands, string separator)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            output.Append(i > 0 ? separator : "");
            if (operands[i] is Expr.And or Expr.Or)
            {
                output.Append('(');
                Append(output, operands[i]);
                output.Append(')');
            }
            else
            {
                Append(output, operands[i]);
            }
        }
    }

    private static void AppendCompare(StringBuilder output, Expr.Compare compare)
    {
        var slice = compare.Slice;
        if (slice is { Width: 1 } bit && compare.Relop is Relop.Equal or Relop.NotEqual)
        {
            var isSet = compare.Value != 0;
            output.Append(isSet == (compare.Relop == Relop.Equal) ? "" : "!").Append(bit);
        }
        else if (slice is { } range)
        {
            output.Append(range).Append(Operator(compare.Relop)).AppendHex(compare.Value >> range.Offset);
        }
        else
        {
            output.Append(compare.Field.Name).Append(Operator(compare.Relop))
                .AppendHex(compare.Value).Append('/').AppendHex(compare.Mask);
        }
    }

    private static void AppendInSet(StringBuilder output, Expr.InSet set)
    {
        output.Append(set.IsNegated ? "!(" : "").Append(set.Slice).Append(Operator(set.Relop));
        AppendItems(output, set.Items.AsSpan(), set.InBraces);
        output.Append(set.IsNegated ? ")" : "");
    }

    internal static void AppendItems(StringBuilder output, ReadOnlySpan<SetItem> items, bool inBraces)
    {
        var braces = inBraces || items.Length != 1;
        output.Append(braces ? "{" : "");
        for (var i = 0; i < items.Length; i++)
        {
            output.Append(i > 0 ? ", " : "");
            _ = items[i] switch
            {
                SetItem.Number number => output.AppendConstant(number.Value),
                SetItem.Text text => output.AppendQuoted(text.Value),
                SetItem.AddressSet set => output.Append('$').Append(set.Name),
                SetItem.PortGroup group => output.Append('@').Append(group.Name),
                _ => throw new UnreachableException(),
            };
        }

        output.Append(braces ? "}" : "");
    }

    private static string Operator(Relop relop) => relop switch
    {
        Relop.Equal => " == ",
        Relop.NotEqual => " != ",
        Relop.Less => " < ",
        Relop.LessOrEqual => " <= ",
        Relop.Greater => " > ",
        Relop.GreaterOrEqual => " >= ",
        _ => throw new UnreachableException(),
    };
}
