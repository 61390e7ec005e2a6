using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, parsed, in no order.</summary>
public sealed class PreparedTable(PreparedFlow[] flows)
{
    public static readonly PreparedTable Empty = new([]);

    private const ulong EthernetMask = 0xffff_ffff_ffff, GroupBit = 1ul << 40;

    private string[]? _inPorts;
    private ulong[]? _ethDestinations;

    public IReadOnlyList<PreparedFlow> Flows => flows;

    /// <summary>The input ports that the flows ask about.</summary>
    public IReadOnlyList<string> InPorts => _inPorts ??= [.. flows.SelectMany(flow => InPortsOf(flow.Match)).Distinct()];

    /// <summary>The single Ethernet destinations (not groups) that the flows ask about.</summary>
    public IReadOnlyList<ulong> EthDestinations => _ethDestinations ??= [.. flows.SelectMany(flow => EthDestinationsOf(flow.Match)).Distinct()];

    private static IEnumerable<ulong> EthDestinationsOf(Expr match) => match switch
    {
        Expr.Compare { Field.Name: "eth.dst", Value: var value, Mask: var mask } when mask == EthernetMask && (value & GroupBit) == 0 => [(ulong)value],
        Expr.And(var operands) => operands.SelectMany(EthDestinationsOf),
        Expr.Or(var operands) => operands.SelectMany(EthDestinationsOf),
        _ => [],
    };

    private static IEnumerable<string> InPortsOf(Expr match) => match switch
    {
        Expr.CompareString { Field.Name: "inport" } compare => [compare.Value],
        Expr.And(var operands) => operands.SelectMany(InPortsOf),
        Expr.Or(var operands) => operands.SelectMany(InPortsOf),
        _ => [],
    };
}
