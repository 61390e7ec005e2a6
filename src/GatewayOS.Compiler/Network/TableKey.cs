using System.Runtime.InteropServices;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>A logical table of a datapath.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TableKey(Guid Datapath, Pipeline Pipeline, int Table)
{
    /// <summary>Which of its flows are meant (<see cref="LogicalTable.PartOf"/>); null: only that it is there, and whether packets merely pass through it.</summary>
    public string? Part { get; init; }
}
