using System.Diagnostics;

namespace GatewayOS.LogicalFlows;

/// <summary>Evaluates an annotated match without symbolic sets: OVN's expr_evaluate.</summary>
public static class MatchEvaluator
{
    public static bool IsTrue(Expr match, IMatchFacts facts)
    {
        switch (match)
        {
            case Expr.Boolean boolean:
                return boolean.Value;
            case Expr.And and:
                foreach (var operand in and.Operands)
                {
                    if (!IsTrue(operand, facts))
                    {
                        return false;
                    }
                }

                return true;
            case Expr.Or or:
                foreach (var operand in or.Operands)
                {
                    if (IsTrue(operand, facts))
                    {
                        return true;
                    }
                }

                return false;
            case Expr.Compare compare:
                var storage = compare.Field.Storage!.Value;
                var order = (facts.Read(storage.Root) >> storage.Offset & compare.Mask).CompareTo(compare.Value);
                return Holds(compare.Relop, order);
            case Expr.CompareString compare:
                return Holds(compare.Relop, string.CompareOrdinal(facts.ReadPort(compare.Field.Storage!.Value.Root), compare.Value));
            case Expr.ChassisResident resident:
                return facts.IsResident(resident.Port) != resident.IsNegated;
            default:
                throw new UnreachableException();
        }
    }

    private static bool Holds(Relop relop, int order) => relop switch
    {
        Relop.Equal => order == 0,
        Relop.NotEqual => order != 0,
        Relop.Less => order < 0,
        Relop.LessOrEqual => order <= 0,
        Relop.Greater => order > 0,
        Relop.GreaterOrEqual => order >= 0,
        _ => throw new UnreachableException(),
    };
}
