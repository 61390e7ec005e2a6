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

    /// <summary>Whether load balancers are others that a result asked for: what OVS had learned of such packets went with ovn-controller's flows of before (table 69).</summary>
    public bool Unlearn(TrackedDependencies dependencies) => dependencies.Inputs.Any(input => input.Kind == InputKind.LoadBalancer && changes.Inputs.Contains(input));
}
