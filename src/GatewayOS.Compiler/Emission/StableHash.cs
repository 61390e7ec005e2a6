using System.Buffers.Binary;
using System.Text;

namespace GatewayOS.Compiler.Emission;

/// <summary>A 64-bit hash that is the same in every process (FNV-1a, finished as in SplitMix64), so that ids survive a restart.</summary>
public struct StableHash
{
    private ulong _state = 14695981039346656037;

    public StableHash()
    {
    }

    public readonly ulong Value
    {
        get
        {
            var x = _state;
            x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
            x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
            return x ^ (x >> 31);
        }
    }

    public void Add(ulong value)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            _state = (_state ^ ((value >> shift) & 0xff)) * 1099511628211;
        }
    }

    public void Add(UInt128 value)
    {
        Add((ulong)value);
        Add((ulong)(value >> 64));
    }

    public void Add(Guid value)
    {
        Span<byte> octets = stackalloc byte[16];
        value.TryWriteBytes(octets);
        Add(BinaryPrimitives.ReadUInt128LittleEndian(octets));
    }

    public void Add(string text)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _state = (_state ^ octet) * 1099511628211;
        }

        Add((ulong)text.Length);
    }
}
