namespace GatewayOS.Bmv2.Runtime;

/// <summary>Executes a state of the parser and returns the number of the next, -1 to end. An error is in the packet state.</summary>
internal delegate int ParseStep(PacketState state);
