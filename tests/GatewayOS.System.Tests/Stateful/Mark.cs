using System.Buffers.Binary;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Eight octets that tell the packets of a test from each other and from everything else on the wire.</summary>
internal static class Mark
{
    private const int Size = 8;

    private static ReadOnlySpan<byte> Magic => [0x9e, 0x47, 0x57, 0xd2];

    public static byte[] Of(uint number)
    {
        var mark = new byte[Size];
        Magic.CopyTo(mark);
        BinaryPrimitives.WriteUInt32BigEndian(mark.AsSpan(4), number);
        return mark;
    }

    /// <summary>The number in a frame, or null. An ICMP error has that of the packet it quotes before its own: the last one counts.</summary>
    public static uint? Find(ReadOnlySpan<byte> frame)
    {
        var at = frame.LastIndexOf(Magic);
        return at >= 0 && at + Size <= frame.Length ? BinaryPrimitives.ReadUInt32BigEndian(frame[(at + 4)..]) : null;
    }
}
