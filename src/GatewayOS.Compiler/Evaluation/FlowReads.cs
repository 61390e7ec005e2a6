using GatewayOS.Compiler.Network;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The storage that a flow's match and actions read.</summary>
/// <remarks>Actions that end evaluation (conntrack, software) need not be listed: nothing is folded behind them.</remarks>
public static class FlowReads
{
    public static IEnumerable<StorageBits> Of(PreparedFlow flow) =>
        InMatch(flow.Match).Concat(flow.Actions.SelectMany(InAction));

    private static IEnumerable<StorageBits> InMatch(Expr match) => match switch
    {
        Expr.And(var operands) => operands.SelectMany(InMatch),
        Expr.Or(var operands) => operands.SelectMany(InMatch),
        Expr.Compare { Field.Storage: { } storage, Slice: { } slice } => [new StorageBits(storage.Root, storage.Offset + slice.Offset, slice.Width)],
        Expr.Compare { Field.Storage: { } storage } => [storage],
        _ => [],
    };

    private static IEnumerable<StorageBits> InAction(ActionNode action) => action switch
    {
        ActionNode.Move(_, var source) => [source.Bits],
        ActionNode.Exchange(var left, var right) => [left.Bits, right.Bits],
        ActionNode.Push(var source) => [source.Bits],
        ActionNode.GetBinding(_, _, var ip) => [ip.Bits],
        ActionNode.LookupBinding(_, _, _, var ip, var mac) => [ip.Bits, mac.Bits],
        ActionNode.LookupBindingIp(_, _, _, var ip) => [ip.Bits],
        ActionNode.GetFdb(_, _, var mac) => [mac.Bits],
        ActionNode.LookupFdb(_, _, var mac) => [mac.Bits],
        _ => [],
    };
}
