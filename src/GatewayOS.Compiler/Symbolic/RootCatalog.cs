using GatewayOS.Compiler.Automaton;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Numbers the storage roots of the flow language and knows what each holds when a packet of a class enters a pipeline.</summary>
/// <param name="knowsRegisters">
/// False for a packet anywhere on its way: then only what no action can change before evaluation ends is known.
/// </param>
/// <param name="knowsConntrack">False where conntrack may have been asked already.</param>
public sealed class RootCatalog(PacketClass packetClass, bool knowsRegisters = true, bool knowsConntrack = true)
{
    private const int GroupBit = 40;

    private readonly Dictionary<StorageRoot, int> _index = [];
    private readonly List<(RootKind Kind, Bits Initial, string Name)> _roots = [];

    public PacketClass Class { get; } = packetClass;

    public int IndexOf(StorageRoot root)
    {
        if (!_index.TryGetValue(root, out var index))
        {
            index = _roots.Count;
            _index.Add(root, index);
            _roots.Add((KindOf(root.Name), InitialOf(root), root.Name));
        }

        return index;
    }

    public RootKind Kind(int index) => _roots[index].Kind;

    public Bits Initial(int index) => _roots[index].Initial;

    public string Name(int index) => _roots[index].Name;

    public static RootKind KindOf(string name) => name switch
    {
        "flags" => RootKind.Flags,
        _ when name.StartsWith("ct", StringComparison.Ordinal) => RootKind.Metadata,
        "pkt.mark" => RootKind.Metadata,
        _ when name.Contains("reg", StringComparison.Ordinal) => RootKind.Register,
        _ => RootKind.Header,
    };

    // The constants are what the parser's class 0 excludes: fragments, VLAN tags (p4/README.md).
    private Bits InitialOf(StorageRoot root)
    {
        if (!knowsRegisters && (root.Name is "eth.src" or "eth.dst" or "ip.dscp" or "pkt.mark" || root.Name.StartsWith("arp.", StringComparison.Ordinal) || KindOf(root.Name) is RootKind.Register or RootKind.Flags))
        {
            return Bits.Unknown(root.Width);
        }

        if (!knowsConntrack && KindOf(root.Name) == RootKind.Metadata)
        {
            return Bits.Unknown(root.Width);
        }

        return root.Name switch
        {
            "eth.src" => OfOne(KeyField.EthSource),
            "eth.dst" when Class == PacketClass.ArpBroadcast => Bits.Constant(48, UInt128.MaxValue),
            "eth.dst" => Class.IsMulticast() ? Known(48, KeyField.EthDestination, Class.MulticastEthernet()) : OfOne(KeyField.EthDestination),
            "eth.type" => Bits.Constant(root.Width, Class.IsArp() ? 0x0806u : Class.IsIpv6() ? 0x86ddu : 0x0800u),
            "vlan.tci" or "ip.frag" => Bits.Constant(root.Width, 0),
            _ when Class.IsArp() => OfArp(root),
            "ip4.src" when !Class.IsIpv6() => Bits.Alias(32, KeyField.Source),
            "ip4.dst" when !Class.IsIpv6() => Class.IsMulticast() ? Known(32, KeyField.Destination, Class.MulticastPrefix()) : Bits.Alias(32, KeyField.Destination),
            "ip6.src" when Class.IsIpv6() => Bits.Alias(128, KeyField.Source),
            "ip6.dst" when Class.IsIpv6() => Class.IsMulticast() ? Known(128, KeyField.Destination, Class.MulticastPrefix()) : Bits.Alias(128, KeyField.Destination),
            "ip.proto" => Bits.Alias(8, KeyField.Protocol),
            "ip.dscp" => Bits.Alias(6, KeyField.Dscp),
            "tcp.src" or "udp.src" or "sctp.src" => Bits.Alias(16, KeyField.L4Source),
            "tcp.dst" or "udp.dst" or "sctp.dst" => Bits.Alias(16, KeyField.L4Destination),
            "tcp.flags" => Bits.Alias(root.Width, KeyField.TcpFlags),
            "icmp4.type" or "icmp6.type" => Bits.Alias(8, KeyField.L4Source),
            "icmp4.code" or "icmp6.code" => Bits.Alias(8, KeyField.L4Destination),
            _ => Other(root),
        };
    }

    private static Bits OfArp(StorageRoot root) => root.Name switch
    {
        "arp.op" => Bits.Constant(root.Width, 1),
        "arp.spa" => Bits.Alias(32, KeyField.Source),
        "arp.tpa" => Bits.Alias(32, KeyField.Destination),
        "arp.sha" => OfOne(KeyField.EthSource),
        _ => Other(root),
    };

    private static Bits Other(StorageRoot root) => KindOf(root.Name) == RootKind.Header ? Bits.Unknown(root.Width) : Bits.Constant(root.Width, 0);

    private static Bits OfOne(KeyField field) => Bits.Alias(48, field).With(GroupBit, Bits.Constant(1, 0));

    // The mask is one of the highest bits.
    private static Bits Known(int width, KeyField field, (UInt128 Value, UInt128 Mask) prefix)
    {
        var length = (int)UInt128.PopCount(prefix.Mask);
        return Bits.Alias(width, field).With(width - length, Bits.Constant(length, prefix.Value >> (width - length)));
    }
}
