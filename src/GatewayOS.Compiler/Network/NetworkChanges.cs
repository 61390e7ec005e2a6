namespace GatewayOS.Compiler.Network;

/// <summary>What became different between two versions of a network.</summary>
public sealed class NetworkChanges
{
    public ISet<InputKey> Inputs { get; } = new HashSet<InputKey>();

    public ISet<TableKey> Tables { get; } = new HashSet<TableKey>();
}
