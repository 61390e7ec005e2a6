using GatewayOS.Core;

namespace GatewayOS.Control.Reconciling;

/// <summary>What one reconciliation did.</summary>
/// <param name="Inserted">The number of inserts that succeeded.</param>
/// <param name="Modified">The number of modifications that succeeded.</param>
/// <param name="Deleted">The number of deletes that succeeded.</param>
/// <param name="Refused">What the device refused, now or before; empty when it holds exactly what is desired.</param>
/// <param name="Missing">Desired entries that are not on the device as desired: refused, or dependent on refused ones. Their packets are punted.</param>
public sealed record ReconcileReport(int Inserted, int Modified, int Deleted, EquatableArray<RefusedWrite> Refused, int Missing)
{
    public bool IsComplete => Refused.Count == 0;

    public int Writes => Inserted + Modified + Deleted;
}
