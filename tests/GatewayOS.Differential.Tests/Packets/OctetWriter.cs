using System.Buffers.Binary;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>Appends header fields in network order.</summary>
internal sealed class OctetWriter
{
    private byte[] _octets = new byte[256];

    public int Length { get; private set; }

    public Span<byte> Written => _octets.AsSpan(0, Length);

    public OctetWriter U8(int value)
    {
        Room(1)[0] = (byte)value;
        return this;
    }

    public OctetWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);
        return this;
    }

    public OctetWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        return this;
    }

    public OctetWriter Mac(ulong value) => U16((int)(value >> 32)).U32((uint)value);

    public OctetWriter Octets(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        return this;
    }

    public OctetWriter Address(UInt128 value, bool isIpv6)
    {
        if (isIpv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(Room(16), value);
            return this;
        }

        return U32((uint)value);
    }

    private Span<byte> Room(int size)
    {
        if (Length + size > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(Length + size, 2 * _octets.Length));
        }

        Length += size;
        return _octets.AsSpan(Length - size, size);
    }
}
