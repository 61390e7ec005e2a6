using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>Attributes one after another, each padded to 4 octets: the inside of a nested one.</summary>
internal sealed class AttributeRow
{
    private readonly List<byte> _octets = new(64);

    public ReadOnlySpan<byte> Octets => CollectionsMarshal.AsSpan(_octets);

    public AttributeRow With(int type, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<ushort> header = [(ushort)(4 + value.Length), (ushort)type];
        _octets.AddRange(MemoryMarshal.AsBytes(header));
        _octets.AddRange(value);
        while (_octets.Count % 4 != 0)
        {
            _octets.Add(0);
        }

        return this;
    }
}
