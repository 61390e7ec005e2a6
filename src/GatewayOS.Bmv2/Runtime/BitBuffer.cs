using System.Buffers.Binary;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A growing row of bits, the first bit the most significant of the first octet.</summary>
internal sealed class BitBuffer
{
    private byte[] _octets = new byte[256];
    private int _bits;

    /// <summary>The octets; the last is filled up with zero bits.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, (_bits + 7) / 8);

    public void Clear() => _bits = 0;

    /// <summary>Appends the low <paramref name="width"/> bits (1 to 64) of a value that has no others set.</summary>
    public void Append(ulong value, int width)
    {
        Reserve(16);
        var at = _bits >> 3;
        var used = _bits & 7;
        _bits += width;

        // The bits in front of the new ones in the same octet stay, all behind become zero.
        var head = used == 0 ? 0 : (ulong)_octets[at] >> (8 - used) << (64 - used);
        var shift = 64 - used - width;
        BinaryPrimitives.WriteUInt64BigEndian(_octets.AsSpan(at), head | (shift >= 0 ? value << shift : value >> -shift));
        _octets[at + 8] = shift >= 0 ? (byte)0 : (byte)(value << (8 + shift));
    }

    /// <summary>Appends the low bits of a number of several limbs.</summary>
    public void Append(ulong[] limbs, int index, int width)
    {
        for (var i = (width - 1) / 64; i >= 0; i--)
        {
            Append(limbs[index + i], i == (width - 1) / 64 ? (width - 1) % 64 + 1 : 64);
        }
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        if ((_bits & 7) != 0)
        {
            foreach (var octet in octets)
            {
                Append(octet, 8);
            }

            return;
        }

        Reserve(octets.Length);
        octets.CopyTo(_octets.AsSpan(_bits >> 3));
        _bits += octets.Length * 8;
    }

    private void Reserve(int octets)
    {
        if ((_bits >> 3) + octets > _octets.Length)
        {
            Array.Resize(ref _octets, (_octets.Length + octets) * 2);
        }
    }
}
