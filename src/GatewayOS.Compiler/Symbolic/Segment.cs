using System.Runtime.InteropServices;
using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary><paramref name="Width"/> bits from <paramref name="Offset"/> up: a constant, or bits from <paramref name="FieldOffset"/> up of a key field.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Segment(int Offset, int Width, Knowledge Knowledge, UInt128 Value, KeyField Field, int FieldOffset)
{
    public int End => Offset + Width;

    /// <summary>The part of this segment in bits from..to, counted anew from <paramref name="from"/>.</summary>
    public Segment Part(int from, int to)
    {
        var low = Math.Max(Offset, from);
        var high = Math.Min(End, to);
        return this with
        {
            Offset = low - from,
            Width = high - low,
            Value = (Value >> (low - Offset)) & Bits.Ones(high - low),
            FieldOffset = Knowledge == Knowledge.Alias ? FieldOffset + low - Offset : 0,
        };
    }
}
