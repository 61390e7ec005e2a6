using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>A request under construction: header, the fixed part of its kind, attributes.</summary>
internal sealed class NetlinkRequest
{
    private readonly List<byte> _octets = new(64);

    public NetlinkRequest(ushort type, ushort flags, ReadOnlySpan<byte> fixedPart)
    {
        Append<uint>(0);
        Append(type);
        Append((ushort)(flags | NetlinkFlags.Request));
        Append<uint>(0);
        Append<uint>(0);
        _octets.AddRange(fixedPart);
        Pad();
    }

    public NetlinkRequest With(int type, ReadOnlySpan<byte> value)
    {
        Append((ushort)(4 + value.Length));
        Append((ushort)type);
        _octets.AddRange(value);
        Pad();
        return this;
    }

    public byte[] Finish(uint sequence)
    {
        var message = _octets.ToArray();
        MemoryMarshal.Write(message, (uint)message.Length);
        MemoryMarshal.Write(message.AsSpan(8), sequence);
        return message;
    }

    private void Append<T>(T value)
        where T : unmanaged => _octets.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private void Pad()
    {
        while (_octets.Count % 4 != 0)
        {
            _octets.Add(0);
        }
    }
}
