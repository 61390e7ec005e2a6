namespace GatewayOS.Compiler.Network;

/// <summary>What became different between two versions of a network.</summary>
public sealed class NetworkChanges
{
    public HashSet<InputKey> Inputs { get; } = [];

    public HashSet<TableKey> Tables { get; } = [];
}
