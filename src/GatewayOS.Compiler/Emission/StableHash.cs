using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace GatewayOS.Compiler.Emission;

/// <summary>A 128-bit hash that is the same in every process, so that numbers survive a restart.</summary>
/// <remarks>
/// Two lanes of 64 bits, each a multiplication and a shift a word, which for a given word are one to one; finished as in SplitMix64. Contents are
/// taken for equal when their hashes are: with a million of them two differ in vain with a probability of about 2^-89.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public struct StableHash
{
    // In UTF-8 a char has at most three octets.
    private const int Short = 128;

    private ulong _high = 0x6c62272e07bb0142;
    private ulong _low = 0x62b821756295c58d;

    public StableHash()
    {
    }

    public readonly UInt128 Value => new(Mix(_high ^ Mix(_low)), Mix(_low ^ Mix(_high)));

    public void Add(ulong value)
    {
        // Odd factors: the golden ratio, and one of PCG's.
        _high = (_high ^ value) * 0x9e3779b97f4a7c15;
        _high ^= _high >> 32;
        _low = (BitOperations.RotateLeft(_low, 23) + value) * 0x5851f42d4c957f2d;
        _low ^= _low >> 29;
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
        Span<byte> octets = text.Length <= Short ? stackalloc byte[3 * Short] : new byte[3 * text.Length];
        octets = octets[..Encoding.UTF8.GetBytes(text, octets)];
        Add((ulong)octets.Length);
        Span<byte> word = stackalloc byte[8];
        for (var i = 0; i < octets.Length; i += 8)
        {
            word.Clear();
            octets.Slice(i, Math.Min(8, octets.Length - i)).CopyTo(word);
            Add(BinaryPrimitives.ReadUInt64LittleEndian(word));
        }
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
