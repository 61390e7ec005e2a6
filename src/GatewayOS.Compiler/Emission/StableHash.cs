using System.Buffers.Binary;
using System.Text;

namespace GatewayOS.Compiler.Emission;

/// <summary>A 128-bit hash that is the same in every process (FNV-1a, its halves finished as in SplitMix64), so that ids survive a restart.</summary>
/// <remarks>Contents are taken for equal when their hashes are: with a million of them two differ in vain with a probability of about 2^-89.</remarks>
public struct StableHash
{
    // FNV offset basis and prime for 128 bits.
    private static readonly UInt128 s_prime = new(0x0000_0000_0100_0000, 0x0000_0000_0000_013b);

    private UInt128 _state = new(0x6c62_272e_07bb_0142, 0x62b8_2175_6295_c58d);

    public StableHash()
    {
    }

    public readonly UInt128 Value
    {
        get
        {
            var (high, low) = ((ulong)(_state >> 64), (ulong)_state);
            return new UInt128(Mix(high ^ Mix(low)), Mix(low ^ Mix(high)));
        }
    }

    public void Add(ulong value)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            _state = (_state ^ ((value >> shift) & 0xff)) * s_prime;
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
            _state = (_state ^ octet) * s_prime;
        }

        Add((ulong)text.Length);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
