using System.Runtime.InteropServices;

namespace GatewayOS.Control.Reconciling;

/// <summary>The entries that are reached together, by one number: all rows of a state, the two halves of an output, an encapsulation ...</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EntryGroup(GroupKind Kind, ulong Id)
{
    /// <summary>Packets start here: nothing points at the group.</summary>
    public bool IsRoot => Kind == GroupKind.Tunnel;

    public override string ToString() => $"{Kind} {Id}";
}
