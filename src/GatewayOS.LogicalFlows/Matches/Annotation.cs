using System.Diagnostics;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Makes a match say all that it implies: prerequisites are added, predicates and named parts of fields are replaced by what
/// they stand for. <c>tcp.dst == 80</c> becomes
/// <c>tcp.dst == 0x50 &amp;&amp; ip.proto == 0x6 &amp;&amp; (eth.type == 0x800 || eth.type == 0x86dd)</c>.
/// </summary>
/// <remarks>
/// Prerequisites are added after negation: <c>!(tcp.dst == 80)</c> is true for TCP packets to other ports only. When all of an AND
/// or OR is about one field, its prerequisite is added once to the whole. OVN's expr_annotate.
/// </remarks>
public static class Annotation
{
    public static Expr Annotate(Expr match) => Annotate(match, addPrerequisites: true);

    private static Expr Annotate(Expr match, bool addPrerequisites) => match switch
    {
        Expr.Boolean or Expr.ChassisResident => match,
        Expr.Compare compare => And(Expand(compare), addPrerequisites ? compare.Field.Prerequisite : null),
        Expr.CompareString compare => And(compare, addPrerequisites ? compare.Field.Prerequisite : null),
        Expr.InSet set => And(Expand(set), addPrerequisites ? set.Slice.Field.Prerequisite : null),
        Expr.And or Expr.Or => AnnotateList(match, addPrerequisites),
        _ => throw new UnreachableException(),
    };

    private static Expr AnnotateList(Expr match, bool addPrerequisites)
    {
        if (addPrerequisites && UniqueField(match) is { } field)
        {
            addPrerequisites = false;
            match = And(match, field.Prerequisite);
        }

        return match switch
        {
            Expr.And and => new Expr.And(Each(and.Operands, addPrerequisites, isAnd: true)) { SetName = and.SetName },
            Expr.Or or => new Expr.Or(Each(or.Operands, addPrerequisites, isAnd: false)) { SetName = or.SetName },
            _ => throw new UnreachableException(),
        };
    }

    private static EquatableArray<Expr> Each(EquatableArray<Expr> operands, bool addPrerequisites, bool isAnd)
    {
        var annotated = new List<Expr>(operands.Count);
        foreach (var operand in operands)
        {
            ExprLists.AddFlat(annotated, Annotate(operand, addPrerequisites), isAnd);
        }

        return [.. annotated];
    }

    // Only one step up is needed: no part has parts of its own.
    private static Expr Expand(Expr.Compare compare)
    {
        if (compare.Field.Predicate is { } predicate)
        {
            var isPositive = (compare.Value & 1) != 0 ^ compare.Relop == Relop.NotEqual;
            return isPositive ? predicate : Negation.Negate(predicate);
        }

        return compare.Field.Parent is { } parent
            ? new Expr.Compare(parent.Field, compare.Relop, compare.Value << parent.Offset, compare.Mask << parent.Offset)
            : compare;
    }

    private static Expr.InSet Expand(Expr.InSet set) =>
        set.Slice.Field.Parent is { } parent
            ? set with { Slice = new FieldSlice(parent.Field, parent.Offset + set.Slice.Offset, set.Slice.Width) }
            : set;

    private static Expr And(Expr match, Expr? prerequisite) => ExprLists.And(match, prerequisite)!;

    private static Field? UniqueField(Expr match)
    {
        switch (match)
        {
            case Expr.Compare compare:
                return compare.Field;
            case Expr.CompareString compare:
                return compare.Field;
            case Expr.InSet set:
                return set.Slice.Field;
            case Expr.And or Expr.Or:
                Field? unique = null;
                foreach (var operand in ExprLists.OperandsOf(match, match is Expr.And)!.Value)
                {
                    var field = UniqueField(operand);
                    if (field is null || (unique is not null && field != unique))
                    {
                        return null;
                    }

                    unique = field;
                }

                return unique;
            default:
                return null;
        }
    }
}
