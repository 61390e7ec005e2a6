using System.Diagnostics;
using System.Text;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Replaces every <see cref="Expr.InSet"/> by the comparisons with what the sets contain.</summary>
/// <remarks>
/// <para>The result is the tree that parsing with the same sets gives. A whole set becomes an OR (or, for <c>!=</c>, an AND) that
/// remembers its name; an empty set matches nothing, and <c>!=</c> an empty set everything.</para>
/// <para>A set that does not exist is an error, as in OVN: ovn-controller logs it and leaves the flow out until the set appears.</para>
/// </remarks>
public static class SetExpansion
{
    public static MatchResult Expand(Expr match, INamedSets sets)
    {
        LanguageError? error = null;
        var expanded = Expand(match, sets, ref error);
        return error is null ? new MatchResult(expanded, Error: null) : new MatchResult(Match: null, error);
    }

    private static Expr Expand(Expr match, INamedSets sets, ref LanguageError? error)
    {
        switch (match)
        {
            case Expr.Boolean or Expr.Compare or Expr.CompareString or Expr.ChassisResident:
                return match;
            case Expr.And and:
                return new Expr.And(Each(and.Operands, sets, isAnd: true, ref error)) { SetName = and.SetName };
            case Expr.Or or:
                return new Expr.Or(Each(or.Operands, sets, isAnd: false, ref error)) { SetName = or.SetName };
            case Expr.InSet set:
                return ExpandSet(set, sets, ref error);
            default:
                throw new UnreachableException();
        }
    }

    private static EquatableArray<Expr> Each(EquatableArray<Expr> operands, INamedSets sets, bool isAnd, ref LanguageError? error)
    {
        var expanded = new List<Expr>(operands.Count);
        foreach (var operand in operands)
        {
            ExprLists.AddFlat(expanded, Expand(operand, sets, ref error), isAnd);
        }

        return [.. expanded];
    }

    private static Expr ExpandSet(Expr.InSet set, INamedSets sets, ref LanguageError? error)
    {
        var values = new ValueSet { InBraces = set.InBraces };
        foreach (var item in set.Items)
        {
            error ??= AddItem(values, item, sets);
        }

        if (error is not null)
        {
            return set;
        }

        // An order keeps its NOT in the node; everything else already has it in the operator.
        var match = Comparison.Make(set.Slice, set.Relop, values, set.IsNegated, out var complaint);
        if (match is null)
        {
            error = new LanguageError(complaint!, 0, 0);
            return set;
        }

        return set.IsNegated ? Negation.Negate(match) : match;
    }

    private static LanguageError? AddItem(ValueSet values, SetItem item, INamedSets sets)
    {
        var isText = item is SetItem.Text or SetItem.PortGroup;
        var addressSet = default(EquatableArray<Constant>);
        var ports = default(EquatableArray<string>);
        var unknown = item switch
        {
            SetItem.AddressSet named when !sets.TryGetAddressSet(named.Name, out addressSet) => "expecting address set name",
            SetItem.PortGroup named when !sets.TryGetPortGroup(named.Name, out ports) => "expecting port group name",
            _ when values.ValueCount > 0 && values.IsText != isText => $"expecting {(values.IsText ? "string" : "integer")}",
            _ => null,
        };
        if (unknown is not null)
        {
            var text = new StringBuilder();
            MatchFormatter.AppendItems(text, [item], inBraces: false);
            return new LanguageError($"Syntax error at `{text}' {unknown}.", 0, 0);
        }

        values.IsText = isText;
        var isFirst = values.Items.Count == 0;
        switch (item)
        {
            case SetItem.AddressSet named:
                values.SetName = isFirst ? "$" + named.Name : null;
                values.Items.AddRange(addressSet.Select(constant => new SetItem.Number(constant)));
                break;
            case SetItem.PortGroup named:
                values.SetName = isFirst ? "@" + named.Name : null;
                values.Items.AddRange(ports.Select(port => new SetItem.Text(port)));
                break;
            default:
                values.SetName = null;
                values.Items.Add(item);
                break;
        }

        values.ValueCount = values.Items.Count;
        return null;
    }
}
