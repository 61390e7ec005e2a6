using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>What an entry, or the default of a table, does. Immutable: a change replaces it as a whole.</summary>
/// <param name="Action">What to execute; null in an entry that refers to an action profile.</param>
/// <param name="Data">The arguments.</param>
/// <param name="Target">The member or group of an action profile that says what to execute.</param>
internal sealed record Binding(ActionDefinition? Action, ulong[] Data, ProfileTarget? Target = null)
{
    /// <summary>What comes after the action; it stands for itself only where there is one.</summary>
    public ControlNode? After { get; init; }
}
