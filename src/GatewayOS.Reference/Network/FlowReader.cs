using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Reference.Network;

/// <summary>Parses logical flows as ovn-controller does: one that is not in the language does not exist.</summary>
/// <param name="variables">The template variables of the chassis.</param>
/// <param name="isResident">Decides <c>is_chassis_resident</c> once and for all; null when it depends on where the packet is.</param>
internal sealed class FlowReader(
    LanguageVersion version, SetsByName sets, IReadOnlyDictionary<string, string> variables, Func<string, bool>? isResident)
{
    private readonly LogicalFlowParser _parser = new(version);
    private readonly LogicalFlowParser _translatingParser = new(SymbolTable.For(version).AclTranslation);

    public ReferenceFlow? Read(LogicalFlow row, int datapathKey)
    {
        var pipeline = row.IsIngress ? Pipeline.Ingress : Pipeline.Egress;
        if (TemplateText.Expand(row.Match, variables) is not { } matchText || TemplateText.Expand(row.Actions, variables) is not { } actionsText)
        {
            return null;
        }

        var match = (row.AsksConnectionForPorts ? _translatingParser : _parser).ParseMatch(matchText, new SetsOfDatapath(sets, datapathKey)).Match;
        var actions = _parser.ParseActions(actionsText, ActionContext.For(version, pipeline, row.TableId));
        if (match is null || actions.Error is not null)
        {
            return null;
        }

        // A flow applies only where its actions make sense (ovn-sb(5), Logical_Flow, actions).
        var both = actions.Prerequisites is null ? match : new Expr.And([match, actions.Prerequisites]);
        var annotated = NameNoPort(Annotation.Annotate(both));
        return new ReferenceFlow(row, Simplification.Simplify(isResident is null ? annotated : Decide(annotated, isResident)), actions.Actions);
    }

    // In a match "none" is the port that "" is in an action: no port.
    private static Expr NameNoPort(Expr match) => match switch
    {
        Expr.CompareString { Value: "none" } compare => compare with { Value = "" },
        Expr.And(var operands) => new Expr.And(operands.Select(NameNoPort).ToEquatableArray()),
        Expr.Or(var operands) => new Expr.Or(operands.Select(NameNoPort).ToEquatableArray()),
        _ => match,
    };

    private static Expr Decide(Expr match, Func<string, bool> isResident) => match switch
    {
        Expr.ChassisResident resident => new Expr.Boolean(isResident(resident.Port) != resident.IsNegated),
        Expr.And(var operands) => new Expr.And(operands.Select(operand => Decide(operand, isResident)).ToEquatableArray()),
        Expr.Or(var operands) => new Expr.Or(operands.Select(operand => Decide(operand, isResident)).ToEquatableArray()),
        _ => match,
    };
}
