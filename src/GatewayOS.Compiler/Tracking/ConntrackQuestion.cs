using System.Runtime.InteropServices;
using GatewayOS.Connections;

namespace GatewayOS.Compiler.Tracking;

/// <summary>A look-up in conntrack that an evaluation made, whatever the answer.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConntrackQuestion(ushort Zone, ConnectionTuple Tuple);
