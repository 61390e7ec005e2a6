using System.Runtime.InteropServices;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>A logical table of a datapath.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TableKey(Guid Datapath, Pipeline Pipeline, int Table);
