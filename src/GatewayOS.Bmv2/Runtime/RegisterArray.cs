using GatewayOS.Bmv2.Expressions;
using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>Cells that the program reads and writes.</summary>
internal sealed class RegisterArray(string name, int size, int width)
{
    private readonly int _limbs = FieldLayout.LimbsOf(width);
    private readonly ulong[] _cells = new ulong[size * FieldLayout.LimbsOf(width)];

    public string Name => name;

    public int Size => size;

    public int Width => width;

    /// <summary>Copies a cell to a field of <paramref name="fieldWidth"/> bits; an index out of bounds changes nothing.</summary>
    public void Read(ulong index, ulong[] fields, int limb, int fieldWidth)
    {
        if (index >= (ulong)size)
        {
            return;
        }

        var count = FieldLayout.LimbsOf(fieldWidth);
        for (var i = 0; i < count; i++)
        {
            fields[limb + i] = i < _limbs ? _cells[(int)index * _limbs + i] : 0;
        }

        fields[limb + count - 1] &= NodeCompiler.Mask(fieldWidth - (count - 1) * 64);
    }

    /// <summary>Sets a cell from limbs that hold a number of <paramref name="valueWidth"/> bits.</summary>
    public void Write(ulong index, ulong[] limbs, int limb, int valueWidth)
    {
        if (index >= (ulong)size)
        {
            return;
        }

        for (var i = 0; i < _limbs; i++)
        {
            _cells[(int)index * _limbs + i] = i < FieldLayout.LimbsOf(valueWidth) ? limbs[limb + i] : 0;
        }

        _cells[(int)index * _limbs + _limbs - 1] &= NodeCompiler.Mask(width - (_limbs - 1) * 64);
    }
}
