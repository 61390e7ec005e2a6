namespace GatewayOS.Compiler.Emission;

/// <summary>What entries are written together for.</summary>
internal enum BlockKind
{
    State,
    Output,
    Encapsulation,
    Meter,
    Space,
    Entrance,
    Peers,
}
