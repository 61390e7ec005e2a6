namespace GatewayOS.Bmv2.Runtime;

/// <summary>A condition of the program.</summary>
internal delegate bool PacketTest(PacketState state);
