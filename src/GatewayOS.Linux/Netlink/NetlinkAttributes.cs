using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>Goes through a row of attributes: length 16, type 16 (both in host order), payload, padding to 4 octets.</summary>
/// <remarks>It ends at the first attribute whose length does not fit, so no input makes it read outside its span.</remarks>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> rest)
{
    private const int HeaderSize = 4;

    /// <summary>NLA_F_NESTED and NLA_F_NET_BYTEORDER are marks on the type, not part of it.</summary>
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = rest;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly int Int32 => Value.Length >= sizeof(int) ? MemoryMarshal.Read<int>(Value) : 0;

    /// <summary>After the last attribute: nothing is left that did not fit.</summary>
    public readonly bool IsWhole => _rest.IsEmpty;

    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
