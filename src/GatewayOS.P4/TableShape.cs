using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>What a table of the program looks like to the control plane.</summary>
/// <param name="Name">One of <see cref="TableNames"/>.</param>
/// <param name="Keys">In the order of the program.</param>
/// <param name="Actions">The names of the actions an entry may call.</param>
/// <param name="Size">The number of entries that the target promises to hold.</param>
/// <param name="Profile">The action profile that holds the calls, one of <see cref="ProfileNames"/>, or null.</param>
public sealed record TableShape(
    string Name, EquatableArray<KeyShape> Keys, EquatableArray<string> Actions, int Size, string? Profile = null)
{
    /// <summary>Whether entries may overlap and so need a priority.</summary>
    public bool HasPriority { get; } = Keys.Any(key => key.Kind is MatchKind.Ternary or MatchKind.Range);
}
