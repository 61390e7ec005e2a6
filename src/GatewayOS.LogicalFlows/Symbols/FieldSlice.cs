using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>Bits <paramref name="Offset"/> to <paramref name="Offset"/> + <paramref name="Width"/> - 1 of a field; width 0 for a string field.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FieldSlice(Field Field, int Offset, int Width)
{
    public bool IsWhole => Offset == 0 && Width == Field.Width;

    /// <summary>
    /// The bits of the root that the slice occupies. A string field occupies the 32-bit port register.
    /// </summary>
    /// <exception cref="InvalidOperationException">The field is a predicate or a controller field: it has no bits.</exception>
    public StorageBits Bits =>
        Field.Storage is not { } storage ? throw new InvalidOperationException($"{Field.Name} has no storage")
        : Field.IsString ? storage
        : new StorageBits(storage.Root, storage.Offset + Offset, Width);

    /// <summary>The slice as OVN writes it: <c>reg0</c>, <c>reg0[3]</c>, <c>reg0[0..15]</c>.</summary>
    public override string ToString() =>
        IsWhole ? Field.Name
        : Width == 1 ? $"{Field.Name}[{Offset}]"
        : $"{Field.Name}[{Offset}..{Offset + Width - 1}]";
}
