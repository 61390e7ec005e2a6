using GatewayOS.Compiler.Network;

namespace GatewayOS.Compiler.Tracking;

/// <summary>What changes of the network call in question.</summary>
/// <param name="changes">Tables and rows that evaluations may have depended on.</param>
/// <param name="zones">Zones that other packets ask first than before.</param>
public sealed class ConnectionDoubts(NetworkChanges changes, IReadOnlySet<ushort> zones)
{
    /// <summary>Zones of which each connection is to be evaluated again.</summary>
    public IReadOnlySet<ushort> Zones => zones;

    public bool IsNone => zones.Count + changes.Inputs.Count + changes.Tables.Count == 0;

    /// <summary>Whether a result is in question.</summary>
    public bool Concern(TrackedDependencies dependencies) => dependencies.Touches(changes);
}
