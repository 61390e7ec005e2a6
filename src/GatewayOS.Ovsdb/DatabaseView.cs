namespace GatewayOS.Ovsdb;

/// <summary>What a client knows: a snapshot as of one transaction, and whether it still follows the server.</summary>
/// <param name="Database">The snapshot; empty until the first connection, the last one known while disconnected.</param>
/// <param name="State">How the client stands with its servers.</param>
/// <param name="Transaction">The last transaction in the snapshot; empty if the server does not say.</param>
/// <param name="Conditions">The snapshot holds exactly the rows that meet these; null when that is not certain, while they change and before the
/// first connection.</param>
public sealed record DatabaseView<TDatabase>(TDatabase Database, ConnectionState State, Guid Transaction, MonitorConditions? Conditions)
{
    public bool IsConnected => State is ConnectionState.Connected;
}
