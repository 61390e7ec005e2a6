using GatewayOS.Compiler.Evaluation;
using GatewayOS.Connections;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Packets as they come in that may ask conntrack with another 5-tuple.</summary>
/// <param name="Gate">Where they ask.</param>
/// <param name="Tuple">How they look when they come in.</param>
/// <param name="Ways">The doors, and the Ethernet destination that they come with if the way tells it from others.</param>
internal sealed record Arrival(Gate Gate, ConnectionTuple Tuple, IReadOnlyList<(Door Door, ulong? Destination)> Ways);
