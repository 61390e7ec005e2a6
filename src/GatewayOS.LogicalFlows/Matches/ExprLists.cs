using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Builds AND and OR nodes that honour the invariants of <see cref="Expr"/>.</summary>
internal static class ExprLists
{
    /// <summary>The conjunction; either side may be null, which stands for nothing at all.</summary>
    public static Expr? And(Expr? left, Expr? right) =>
        left is null ? right : right is null ? left : new Expr.And(Concatenate(left, right, isAnd: true));

    public static Expr Or(Expr left, Expr right) => new Expr.Or(Concatenate(left, right, isAnd: false));

    public static Expr Join(bool isAnd, IReadOnlyList<Expr> operands) => operands.Count switch
    {
        0 => throw new ArgumentException("an AND or OR of nothing", nameof(operands)),
        1 => operands[0],
        _ => isAnd ? new Expr.And([.. operands]) : new Expr.Or([.. operands]),
    };

    /// <summary>Appends an operand, or its operands when it is of the same kind as the list.</summary>
    public static void AddFlat(List<Expr> operands, Expr operand, bool isAnd)
    {
        if (OperandsOf(operand, isAnd) is { } nested)
        {
            operands.AddRange(nested);
        }
        else
        {
            operands.Add(operand);
        }
    }

    /// <summary>Makes a node from operands that may be Boolean: OVN's expr_fix.</summary>
    public static Expr Fix(List<Expr> operands, bool isAnd)
    {
        foreach (var operand in operands)
        {
            if (operand is Expr.Boolean boolean && boolean.Value != isAnd)
            {
                return boolean;
            }
        }

        operands.RemoveAll(static operand => operand is Expr.Boolean);
        return operands.Count == 0 ? isAnd ? Expr.True : Expr.False : Join(isAnd, operands);
    }

    public static EquatableArray<Expr>? OperandsOf(Expr match, bool isAnd) => match switch
    {
        Expr.And node when isAnd => node.Operands,
        Expr.Or node when !isAnd => node.Operands,
        _ => null,
    };

    private static EquatableArray<Expr> Concatenate(Expr left, Expr right, bool isAnd)
    {
        var operands = new List<Expr>();
        AddFlat(operands, left, isAnd);
        AddFlat(operands, right, isAnd);
        return [.. operands];
    }
}
