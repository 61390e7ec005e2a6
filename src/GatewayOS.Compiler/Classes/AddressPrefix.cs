using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Classes;

/// <summary>IP addresses that begin alike. <see cref="Value"/> has no bit behind the first <see cref="Length"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressPrefix(UInt128 Value, int Length)
{
    /// <summary>By value, of equal ones the shorter first: what contains a prefix comes before it.</summary>
    public static IComparer<AddressPrefix> Order { get; } = Comparer<AddressPrefix>.Create((left, right) =>
        left.Value != right.Value ? left.Value.CompareTo(right.Value) : left.Length.CompareTo(right.Length));

    /// <summary>Whether every address of the other is one of this; both of the same family.</summary>
    /// <param name="width">32 or 128.</param>
    public bool Contains(AddressPrefix other, int width) =>
        Length <= other.Length && (Length == 0 || (Value ^ other.Value) >> (width - Length) == 0);
}
