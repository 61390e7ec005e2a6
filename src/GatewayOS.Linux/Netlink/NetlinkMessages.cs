using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>Goes through the messages of one datagram from the kernel, see netlink(7).</summary>
/// <remarks>
/// <code>
///  0               2               4
/// +-------------------------------+
/// | length, this header included  |
/// +---------------+---------------+
/// | type          | flags         |
/// +---------------+---------------+
/// | sequence                      |
/// +-------------------------------+
/// | port                          |      all in host order, then the body, padded to 4 octets
/// +-------------------------------+
/// </code>
/// </remarks>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> rest)
{
    public const int HeaderSize = 16;

    private ReadOnlySpan<byte> _rest = rest;

    public ushort Type { get; private set; }

    public ushort Flags { get; private set; }

    public uint Sequence { get; private set; }

    public ReadOnlySpan<byte> Body { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < HeaderSize || length > (uint)_rest.Length)
        {
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Body = _rest[HeaderSize..(int)length];
        _rest = _rest[Math.Min(((int)length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
