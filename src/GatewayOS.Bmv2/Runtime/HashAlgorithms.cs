using System.Buffers.Binary;
using System.Collections.Frozen;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>The hash functions of v1model by bmv2's names.</summary>
internal static class HashAlgorithms
{
    private static readonly ushort[] s_crc16 = Table16(0xa001, reflected: true);
    private static readonly ushort[] s_ccitt = Table16(0x1021, reflected: false);
    private static readonly uint[] s_crc32 = Table32();

    public static FrozenDictionary<string, HashFunction> ByName { get; } = new Dictionary<string, HashFunction>
    {
        ["csum16"] = octets => Checksum16(octets),
        ["cksum16"] = octets => Checksum16(octets),
        ["crc16"] = Crc16,
        ["crc16_custom"] = Crc16,
        ["crcCCITT"] = CrcCcitt,
        ["crc32"] = Crc32,
        ["crc32_custom"] = Crc32,
        ["identity"] = Identity,
        ["xor16"] = Xor16,
    }.ToFrozenDictionary();

    /// <summary>The Internet checksum (RFC 1071) of octets that are filled up with a zero.</summary>
    public static ushort Checksum16(ReadOnlySpan<byte> octets)
    {
        var sum = 0UL;
        while (octets.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(octets);
            octets = octets[4..];
        }

        if (octets.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[2..];
        }

        if (octets.Length == 1)
        {
            sum += (ulong)octets[0] << 8;
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static ulong Crc16(ReadOnlySpan<byte> octets)
    {
        var crc = 0;
        foreach (var octet in octets)
        {
            crc = crc >> 8 ^ s_crc16[(crc ^ octet) & 0xff];
        }

        return (ulong)crc;
    }

    private static ulong CrcCcitt(ReadOnlySpan<byte> octets)
    {
        var crc = (ushort)0xffff;
        foreach (var octet in octets)
        {
            crc = (ushort)(crc << 8 ^ s_ccitt[crc >> 8 ^ octet]);
        }

        return crc;
    }

    private static ulong Crc32(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc = crc >> 8 ^ s_crc32[(crc ^ octet) & 0xff];
        }

        return ~crc;
    }

    /// <summary>The first eight octets.</summary>
    private static ulong Identity(ReadOnlySpan<byte> octets)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(octets.Length, 8); i++)
        {
            value = value << 8 | octets[i];
        }

        return value;
    }

    private static ulong Xor16(ReadOnlySpan<byte> octets)
    {
        var value = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            value ^= (i & 1) == 0 ? octets[i] << 8 : octets[i];
        }

        return (ulong)value;
    }

    private static ushort[] Table16(ushort polynomial, bool reflected)
    {
        var table = new ushort[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = reflected ? i : i << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = reflected
                    ? (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1
                    : (crc & 0x8000) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }

            table[i] = (ushort)crc;
        }

        return table;
    }

    private static uint[] Table32()
    {
        var table = new uint[256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
