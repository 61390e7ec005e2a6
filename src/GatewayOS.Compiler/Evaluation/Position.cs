using System.Runtime.InteropServices;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>A logical table of a datapath.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Position(Guid Datapath, Pipeline Pipeline, int Table);
