using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Packets;

/// <summary>
/// One packet with its metadata, as the symbols of the flow language see it: headers, registers, flags, conntrack state and the tunnel keys
/// of its logical ports. What the packet has no header for is 0.
/// </summary>
public sealed class Packet
{
    private readonly Dictionary<StorageRoot, UInt128> _values;

    public Packet() => _values = [];

    private Packet(Packet original)
    {
        _values = new Dictionary<StorageRoot, UInt128>(original._values);
        (Original, Length) = (original.Original, original.Length);
    }

    /// <summary>Where the connection was sent by its client, when it was load balanced on its way here; null when not.</summary>
    public OriginalDestination? Original { get; set; }

    /// <summary>Bytes from the Ethernet header on, or null when not known.</summary>
    public int? Length { get; set; }

    public UInt128 this[StorageRoot root]
    {
        get => _values.GetValueOrDefault(root);
        set => _values[root] = value;
    }

    public UInt128 this[StorageBits bits]
    {
        get => this[bits.Root] >> bits.Offset & Ones(bits.Width);
        set => this[bits.Root] = (this[bits.Root] & ~(Ones(bits.Width) << bits.Offset)) | ((value & Ones(bits.Width)) << bits.Offset);
    }

    public UInt128 this[FieldSlice slice]
    {
        get => this[slice.Bits];
        set => this[slice.Bits] = value;
    }

    public Packet Clone() => new(this);

    /// <summary>The roots in which the packets differ, with this one's values, by name.</summary>
    public IReadOnlyList<(StorageRoot Root, UInt128 Value)> ChangesSince(Packet earlier) =>
    [
        .. _values.Keys.Union(earlier._values.Keys)
            .Where(root => this[root] != earlier[root])
            .OrderBy(root => root.Name, StringComparer.Ordinal)
            .Select(root => (root, this[root])),
    ];

    private static UInt128 Ones(int width) => width == 0 ? 0 : UInt128.MaxValue >> (128 - width);
}
