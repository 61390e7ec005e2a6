using System.Diagnostics;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Negates a tree by pushing NOT down to the comparisons.</summary>
internal static class Negation
{
    public static Expr Negate(Expr match) => match switch
    {
        Expr.Boolean boolean => boolean.Value ? Expr.False : Expr.True,
        Expr.And and => new Expr.Or(Each(and.Operands)) { SetName = and.SetName },
        Expr.Or or => new Expr.And(Each(or.Operands)) { SetName = or.SetName },
        Expr.Compare compare => (compare with { Relop = Invert(compare.Relop) }).Canonical(),
        Expr.CompareString compare => compare with { Relop = Invert(compare.Relop) },
        Expr.ChassisResident resident => resident with { IsNegated = !resident.IsNegated },
        Expr.InSet { Relop: Relop.Equal or Relop.NotEqual } set => set with { Relop = Invert(set.Relop) },
        Expr.InSet set => set with { IsNegated = !set.IsNegated },
        _ => throw new UnreachableException(),
    };

    /// <summary>The operator that holds when this one does not.</summary>
    private static Relop Invert(Relop relop) => relop switch
    {
        Relop.Equal => Relop.NotEqual,
        Relop.NotEqual => Relop.Equal,
        Relop.Less => Relop.GreaterOrEqual,
        Relop.LessOrEqual => Relop.Greater,
        Relop.Greater => Relop.LessOrEqual,
        Relop.GreaterOrEqual => Relop.Less,
        _ => throw new UnreachableException(),
    };

    private static EquatableArray<Expr> Each(EquatableArray<Expr> operands)
    {
        var negated = new Expr[operands.Count];
        for (var i = 0; i < negated.Length; i++)
        {
            negated[i] = Negate(operands[i]);
        }

        return [.. negated];
    }
}
