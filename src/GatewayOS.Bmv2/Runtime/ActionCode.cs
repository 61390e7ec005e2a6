namespace GatewayOS.Bmv2.Runtime;

/// <summary>The body of an action.</summary>
/// <param name="state">The packet.</param>
/// <param name="data">The arguments, each in its own limbs.</param>
internal delegate void ActionCode(PacketState state, ulong[] data);
