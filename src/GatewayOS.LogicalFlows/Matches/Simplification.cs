using System.Diagnostics;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Reduces comparisons to equality with masked constants: <c>!=</c> and order become an OR of prefixes, at most one per bit.
/// OVN's expr_simplify; the input is annotated and has no symbolic sets.
/// </summary>
public static class Simplification
{
    public static Expr Simplify(Expr match)
    {
        switch (match)
        {
            case Expr.Boolean or Expr.CompareString or Expr.ChassisResident:
                return match;
            case Expr.Compare compare:
                return compare.Relop switch
                {
                    // ip4.dst == 0/0 is true.
                    Relop.Equal => compare.Mask == 0 ? Expr.True : compare,
                    Relop.NotEqual => SimplifyNotEqual(compare),
                    Relop.Less or Relop.LessOrEqual or Relop.Greater or Relop.GreaterOrEqual => SimplifyOrder(compare),
                    _ => throw new UnreachableException(),
                };
            case Expr.And and:
                return ExprLists.Fix(Each(and.Operands.AsSpan(), isAnd: true), isAnd: true);
            case Expr.Or or:
                var simple = ExprLists.Fix(Each(or.Operands.AsSpan(), isAnd: false), isAnd: false);
                return simple is Expr.Or result && result.Operands == or.Operands ? or : simple;
            case Expr.InSet:
                throw new ArgumentException("sets must be expanded before", nameof(match));
            default:
                throw new UnreachableException();
        }
    }

    private static List<Expr> Each(ReadOnlySpan<Expr> operands, bool isAnd)
    {
        var simplified = new List<Expr>(operands.Length);
        foreach (var operand in operands)
        {
            ExprLists.AddFlat(simplified, Simplify(operand), isAnd);
        }

        return simplified;
    }

    // x differs from y when, for some bit, it differs there and agrees in all higher bits.
    private static Expr SimplifyNotEqual(Expr.Compare compare)
    {
        var options = new List<Expr>();
        for (var bit = 0; bit < compare.Field.Width; bit++)
        {
            var one = UInt128.One << bit;
            if ((compare.Mask & one) != 0)
            {
                var upper = UInt128.MaxValue << bit;
                options.Add(new Expr.Compare(compare.Field, Relop.Equal, (compare.Value & upper) ^ one, compare.Mask & upper));
            }
        }

        return options.Count == 0 ? Expr.False : ExprLists.Join(isAnd: false, options);
    }

    private static Expr SimplifyOrder(Expr.Compare compare)
    {
        var slice = compare.Slice ?? throw new ArgumentException("order asked of scattered bits", nameof(compare));
        var isLess = compare.Relop is Relop.Less or Relop.LessOrEqual;
        var withEqual = compare.Relop is Relop.LessOrEqual or Relop.GreaterOrEqual;

        // f <= largest and f >= smallest are true; f < largest and f > smallest are the same as !=.
        if (compare.Value == (isLess ? compare.Mask : 0))
        {
            return withEqual ? Expr.True : SimplifyNotEqual(compare);
        }

        var options = new List<Expr>();
        if (withEqual)
        {
            options.Add(compare with { Relop = Relop.Equal });
        }

        // f < y when, for some 1 bit of y, f has 0 there and agrees in all higher bits; likewise f > y for the 0 bits.
        for (var bit = slice.Offset; bit < slice.Offset + slice.Width; bit++)
        {
            var one = UInt128.One << bit;
            if (((compare.Value & one) != 0) == isLess)
            {
                var upper = UInt128.MaxValue << bit;
                options.Add(new Expr.Compare(compare.Field, Relop.Equal, (compare.Value ^ one) & upper, compare.Mask & upper));
            }
        }

        return options.Count == 0 ? Expr.False : ExprLists.Join(isAnd: false, options);
    }
}
