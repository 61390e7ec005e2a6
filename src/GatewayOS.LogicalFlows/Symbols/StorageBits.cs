using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>Bits <paramref name="Offset"/> to <paramref name="Offset"/> + <paramref name="Width"/> - 1 of a root, bit 0 the least significant.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StorageBits(StorageRoot Root, int Offset, int Width)
{
    public bool Overlaps(StorageBits other) =>
        ReferenceEquals(Root, other.Root) && Offset < other.Offset + other.Width && other.Offset < Offset + Width;

    public override string ToString() => $"{Root.Name}[{Offset}..{Offset + Width - 1}]";
}
