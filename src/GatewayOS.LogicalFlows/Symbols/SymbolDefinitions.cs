using System.Diagnostics;

namespace GatewayOS.LogicalFlows;

/// <summary>OVN's symbols: ovn_init_symtab in OVN's logical-fields.c, widths and kinds from ovs-fields(7).</summary>
internal sealed class SymbolDefinitions(SymbolTable table)
{
    private readonly StringPool _pool = new();
    private readonly Dictionary<string, StorageRoot> _roots = [];

    private bool IsFrom(LanguageVersion first) => table.Version.IsFrom(first);

    public void DefineAll()
    {
        DefineRegisters();
        DefinePorts();
        DefineFlags();
        DefineConnectionFields();
        DefineLinkFields();
        DefineIpFields();
        DefineMulticast();
        DefineIcmpFields();
        DefineArpFields();
        DefineNeighbourDiscovery();
        DefineTransportFields();
        Ordinal("pkt.mark", 32);
        ControllerField("icmp4.frag_mtu", 16);
        ControllerField("icmp6.frag_mtu", 32);
        if (IsFrom(LanguageVersion.Newest))
        {
            ControllerField("icmp4.inner_ip4.src", 32);
        }
    }

    /// <summary>Replaces the transport protocols and ports by those of conntrack's original direction.</summary>
    public void TranslateTransportFields()
    {
        Nominal("ct_proto", 8, "ct.trk", WriteScope.None);
        foreach (var (protocol, number) in new[] { ("tcp", 6), ("udp", 17), ("sctp", 132) })
        {
            Predicate(protocol, $"ct.trk && !ct.inv && ct_proto == {number}");
            foreach (var part in new[] { "src", "dst" })
            {
                var storage = new StorageBits(Root($"ct_tp_{part}", 16), 0, 16);
                Define($"{protocol}.{part}", storage, FieldLevel.Ordinal, protocol, WriteScope.None);
            }
        }

        var flags = table["tcp.flags"].Storage!.Value;
        Define("tcp.flags", flags, FieldLevel.Ordinal, "tcp", WriteScope.None);
    }

    // Ten 32-bit registers. Four make an xxreg, two an xreg; reg0 is the most significant part of xxreg0. What is left
    // over after the last xxreg are xreg4's halves.
    private void DefineRegisters()
    {
        Ordinal("xxreg0", 128);
        Ordinal("xxreg1", 128);
        Ordinal("xreg4", 64);
        for (var i = 0; i < 4; i++)
        {
            Part($"xreg{i}", $"xxreg{i / 2}", (1 - i % 2) * 64, 64);
        }

        for (var i = 0; i < 10; i++)
        {
            if (i < 8)
            {
                Part($"reg{i}", $"xxreg{i / 4}", (3 - i % 4) * 32, 32);
            }
            else
            {
                Part($"reg{i}", "xreg4", (1 - i % 2) * 32, 32);
            }
        }
    }

    private void DefinePorts()
    {
        Port("inport", new StorageBits(Root("inport", 32), 0, 32));
        Port("outport", new StorageBits(Root("outport", 32), 0, 32));
        if (IsFrom(LanguageVersion.Ovn2509))
        {
            // OVN keeps it in register 1.
            Port("remote_outport", new StorageBits(Root("xxreg0", 128), 64, 32));
        }

        if (IsFrom(LanguageVersion.Newest))
        {
            // The registers behind the port names; bit 31 of a key marks a remote VTEP.
            Bits("__inport", new StorageBits(Root("inport", 32), 0, 32));
            Bits("__outport", new StorageBits(Root("outport", 32), 0, 32));
            Predicate("from_evpn_vtep", "__inport[31]");
            Predicate("to_evpn_vtep", "__outport[31]");
        }
    }

    // No release has ever given a flag's bit to another flag.
    private void DefineFlags()
    {
        Ordinal("flags", 32);
        Flag("loopback", 0, LanguageVersion.Ovn2203);
        Flag("force_snat_for_dnat", 2, LanguageVersion.Ovn2203);
        Flag("force_snat_for_lb", 3, LanguageVersion.Ovn2203);
        Flag("skip_snat_for_lb", 9, LanguageVersion.Ovn2203);
        Flag("use_snat_zone", 11, LanguageVersion.Ovn2203);
        Flag("localnet", 15, LanguageVersion.Ovn2403);
        Flag("tunnel_rx", 16, LanguageVersion.Ovn2403);
        Flag("icmp_snat", 17, LanguageVersion.Ovn2403);
        Flag("from_ctrl", 19, LanguageVersion.Ovn2503);
        Flag("unsnat_new", 20, LanguageVersion.Ovn2503);
        Flag("unsnat_not_tracked", 21, LanguageVersion.Ovn2503);
        Flag("igmp_loopback", 22, LanguageVersion.Ovn2509);
        Flag("pkt_sampled", 23, LanguageVersion.Ovn2603);
        Since(LanguageVersion.Ovn2509, "flags.network_id", "flags", 28, 4);
    }

    private void DefineConnectionFields()
    {
        Ordinal("ct_mark", 32, write: WriteScope.CtCommit);
        Since(LanguageVersion.Ovn2206, "ct_mark.blocked", "ct_mark", 0, 1);
        Since(LanguageVersion.Ovn2206, "ct_mark.natted", "ct_mark", 1, 1);
        Since(LanguageVersion.Ovn2212, "ct_mark.skip_snat", "ct_mark", 2, 1);
        Since(LanguageVersion.Ovn2212, "ct_mark.force_snat", "ct_mark", 3, 1);
        Since(LanguageVersion.Ovn2206, "ct_mark.ecmp_reply_port", "ct_mark", 16, 16);
        Since(LanguageVersion.Ovn2409, "ct_mark.obs_stage", "ct_mark", 4, 2);
        Since(LanguageVersion.Ovn2503, "ct_mark.allow_established", "ct_mark", 6, 1);
        Since(LanguageVersion.Ovn2409, "ct_mark.obs_collector_id", "ct_mark", 16, 8);

        Ordinal("ct_label", 128, write: WriteScope.CtCommit);
        Part("ct_label.ecmp_reply_eth", "ct_label", 32, 48);
        Part("ct_label.label", "ct_label", 96, 32);
        Since(LanguageVersion.Ovn2409, "ct_label.obs_point_id", "ct_label", 96, 32);
        Since(LanguageVersion.Ovn2409, "ct_label.obs_unused", "ct_label", 0, 96);
        Since(LanguageVersion.Ovn2503, "ct_label.acl_id", "ct_label", 80, 16);
        Since(LanguageVersion.Ovn2603, "ct_label.nf", "ct_label", 7, 1);
        Since(LanguageVersion.Ovn2603, "ct_label.nf_id", "ct_label", 17, 8);
        Since(LanguageVersion.Ovn2603, "ct_label.tun_if", "ct_label", 8, 1);
        Since(LanguageVersion.Ovn2603, "ct_label.tun_if_id", "ct_label", 80, 16);
        if (table.Version.IsBefore(LanguageVersion.Ovn2409))
        {
            Part("ct_label.blocked", "ct_label", 0, 1);
            Part("ct_label.natted", "ct_label", 1, 1);
            Since(LanguageVersion.Ovn2212, "ct_label.skip_snat", "ct_label", 2, 1);
            Since(LanguageVersion.Ovn2212, "ct_label.force_snat", "ct_label", 3, 1);
            Part("ct_label.ecmp_reply_port", "ct_label", 80, 16);
        }

        Ordinal("ct_state", 32, write: WriteScope.None);
        Part("ct.trk", "ct_state", 5, 1);
        Part("ct.new", "ct_state", 0, 1, "ct.trk");
        Part("ct.est", "ct_state", 1, 1, "ct.trk");
        Part("ct.rel", "ct_state", 2, 1, "ct.trk");
        Part("ct.rpl", "ct_state", 3, 1, "ct.trk");
        Part("ct.inv", "ct_state", 4, 1, "ct.trk");
        Part("ct.snat", "ct_state", 6, 1, "ct.trk");
        Part("ct.dnat", "ct_state", 7, 1, "ct.trk");
    }

    private void DefineLinkFields()
    {
        Ordinal("eth.src", 48);
        Ordinal("eth.dst", 48);
        Nominal("eth.type", 16, write: WriteScope.None);
        Predicate("eth.bcast", "eth.dst == ff:ff:ff:ff:ff:ff");
        Part("eth.mcast", "eth.dst", 40, 1);
        Predicate("eth.mcastv6", "eth.dst[32..47] == 0x3333");
        Ordinal("vlan.tci", 16);
        Predicate("vlan.present", "vlan.tci[12]");
        Part("vlan.pcp", "vlan.tci", 13, 3, "vlan.present");
        Part("vlan.vid", "vlan.tci", 0, 12, "vlan.present");
    }

    private void DefineIpFields()
    {
        Predicate("ip4", "eth.type == 0x800");
        Predicate("ip6", "eth.type == 0x86dd");
        Predicate("ip", "ip4 || ip6");
        Nominal("ip.proto", 8, "ip", WriteScope.None);
        Nominal("ip.dscp", 6, "ip");
        Nominal("ip.ecn", 2, "ip");
        Nominal("ip.ttl", 8, "ip");
        Ordinal("ip.frag", 2, "ip", WriteScope.None);
        Predicate("ip.is_frag", "ip.frag[0]");
        Predicate("ip.later_frag", "ip.frag[1]");
        Predicate("ip.first_frag", "ip.is_frag && !ip.later_frag");
        Ordinal("ip4.src", 32, "ip4");
        Ordinal("ip4.dst", 32, "ip4");
        Ordinal("ip6.src", 128, "ip6");
        Ordinal("ip6.dst", 128, "ip6");
        Ordinal("ip6.label", 20, "ip6");
    }

    private void DefineMulticast()
    {
        Predicate("ip4.src_mcast", "ip4.src[28..31] == 0xe");
        Predicate("ip4.mcast", "eth.mcast && ip4.dst[28..31] == 0xe");
        Predicate("igmp", IsFrom(LanguageVersion.Ovn2409) ? "ip4.mcast && ip.proto == 2" : "ip4 && ip.proto == 2");
        Predicate("ip6.mcast_rsvd", IsFrom(LanguageVersion.Ovn2509)
            ? "ip6.dst == {ff00::, ff01::, ff02::, ff03::, ff04::, ff05::, ff06::, ff07::, "
                + "ff08::, ff09::, ff0a::, ff0b::, ff0c::, ff0d::, ff0e::, ff0f::}"
            : "ip6.dst[116..127] == 0xff0 && ip6.dst[0..111] == 0x0");
        Predicate("ip6.mcast_all_nodes", "ip6.dst == ff01::1 || ip6.dst == ff02::1");
        Predicate("ip6.mcast_all_rtrs", "ip6.dst == ff01::2 || ip6.dst == ff02::2 || ip6.dst == ff05::2");
        Predicate("ip6.mcast_sol_node", "ip6.dst == ff02::1:ff00:0000/104");
        Predicate("ip6.mcast_flood",
            "eth.mcastv6 && (ip6.mcast_rsvd || ip6.mcast_all_nodes || ip6.mcast_all_rtrs || ip6.mcast_sol_node)");
        Predicate("ip6.mcast", "eth.mcastv6 && ip6.dst[120..127] == 0xff");
    }

    private void DefineIcmpFields()
    {
        Predicate("icmp4", "ip4 && ip.proto == 1");
        Nominal("icmp4.type", 8, "icmp4");
        Nominal("icmp4.code", 8, "icmp4");
        Predicate("icmp6", "ip6 && ip.proto == 58");
        Nominal("icmp6.type", 8, "icmp6");
        Nominal("icmp6.code", 8, "icmp6");
        Predicate("icmp", "icmp4 || icmp6");
    }

    // RARP has ARP's layout, so its fields are the same bits.
    private void DefineArpFields()
    {
        Predicate("arp", "eth.type == 0x806");
        if (IsFrom(LanguageVersion.Ovn2212))
        {
            Predicate("rarp", "eth.type == 0x8035");
        }

        foreach (var protocol in IsFrom(LanguageVersion.Ovn2212) ? new[] { "arp", "rarp" } : ["arp"])
        {
            Define($"{protocol}.op", new StorageBits(Root("arp.op", 16), 0, 16), FieldLevel.Nominal, protocol, WriteScope.Ordinary);
            foreach (var (part, width) in new[] { ("spa", 32), ("sha", 48), ("tpa", 32), ("tha", 48) })
            {
                var storage = new StorageBits(Root($"arp.{part}", width), 0, width);
                Define($"{protocol}.{part}", storage, FieldLevel.Ordinal, protocol, WriteScope.Ordinary);
            }
        }
    }

    private void DefineNeighbourDiscovery()
    {
        Predicate("nd", "icmp6.type == {135, 136} && icmp6.code == 0 && ip.ttl == 255");
        Predicate("nd_ns", "icmp6.type == 135 && icmp6.code == 0 && ip.ttl == 255");
        Predicate("nd_na", "icmp6.type == 136 && icmp6.code == 0 && ip.ttl == 255");
        Predicate("nd_rs", "icmp6.type == 133 && icmp6.code == 0 && ip.ttl == 255");
        Predicate("nd_ra", "icmp6.type == 134 && icmp6.code == 0 && ip.ttl == 255");
        if (IsFrom(LanguageVersion.Ovn2409))
        {
            Predicate("nd_ns_mcast", "ip6.mcast && icmp6.type == 135 && icmp6.code == 0 && ip.ttl == 255");
        }

        Ordinal("nd.target", 128, "nd");
        Ordinal("nd.sll", 48, "nd_ns");
        Ordinal("nd.tll", 48, "nd_na");
        var multicast = IsFrom(LanguageVersion.Ovn2409) ? "eth.mcastv6 && " : "";
        Predicate("mldv1", multicast + "ip6.src == fe80::/10 && icmp6.type == {130, 131, 132}");
        Predicate("mldv2", multicast + "ip6.dst == ff02::16 && icmp6.type == 143");
    }

    private void DefineTransportFields()
    {
        foreach (var (protocol, number) in new[] { ("tcp", 6), ("udp", 17), ("sctp", 132) })
        {
            Predicate(protocol, $"ip.proto == {number}");
            Ordinal($"{protocol}.src", 16, protocol);
            Ordinal($"{protocol}.dst", 16, protocol);
        }

        Ordinal("tcp.flags", 12, "tcp", WriteScope.None);
    }

    private void Ordinal(string name, int width, string? prerequisite = null, WriteScope write = WriteScope.Ordinary) =>
        Define(name, new StorageBits(Root(name, width), 0, width), FieldLevel.Ordinal, prerequisite, write);

    private void Nominal(string name, int width, string? prerequisite = null, WriteScope write = WriteScope.Ordinary) =>
        Define(name, new StorageBits(Root(name, width), 0, width), FieldLevel.Nominal, prerequisite, write);

    private void Bits(string name, StorageBits storage) => Define(name, storage, FieldLevel.Ordinal, prerequisite: null, WriteScope.Ordinary);

    private void Define(string name, StorageBits storage, FieldLevel level, string? prerequisite, WriteScope write)
    {
        var (declared, annotated) = Prerequisite(prerequisite);
        table.Add(new Field
        {
            Name = name,
            Width = storage.Width,
            Level = level,
            Storage = storage,
            DeclaredPrerequisite = declared,
            Prerequisite = annotated,
            Write = write,
        });
    }

    private void Part(string name, string parentName, int offset, int width, string? prerequisite = null)
    {
        var parent = table[parentName];
        var (declared, annotated) = Prerequisite(prerequisite);
        var slice = new FieldSlice(parent, offset, width);
        table.Add(new Field
        {
            Name = name,
            Width = width,
            Level = FieldLevel.Ordinal,
            Storage = slice.Bits,
            Parent = slice,
            DeclaredPrerequisite = declared,
            Prerequisite = annotated,
            Write = parent.Write,
        });
    }

    private void Flag(string name, int bit, LanguageVersion since) => Since(since, $"flags.{name}", "flags", bit, 1);

    private void Since(LanguageVersion since, string name, string parentName, int offset, int width)
    {
        if (IsFrom(since))
        {
            Part(name, parentName, offset, width);
        }
    }

    private void Port(string name, StorageBits storage) =>
        table.Add(new Field { Name = name, Width = 0, Level = FieldLevel.Nominal, Storage = storage, Write = WriteScope.Ordinary });

    private void ControllerField(string name, int width) => table.Add(new Field
    {
        Name = name,
        Width = width,
        Level = FieldLevel.Nominal,
        Write = WriteScope.Ordinary | WriteScope.CtCommit,
        IsControllerField = true,
    });

    private void Predicate(string name, string expansion)
    {
        var match = Parse(expansion);
        table.Add(new Field { Name = name, Width = 1, Level = LevelOf(match), Predicate = Annotation.Annotate(match) });
    }

    // A predicate is as restricted as the most restricted field it tests.
    private static FieldLevel LevelOf(Expr match) => match switch
    {
        Expr.Compare compare => compare.Field.Level == FieldLevel.Nominal ? FieldLevel.Nominal : FieldLevel.Boolean,
        Expr.And and => and.Operands.Min(LevelOf),
        Expr.Or or => or.Operands.Min(LevelOf),
        _ => throw new UnreachableException(),
    };

    private (Expr? Declared, Expr? Annotated) Prerequisite(string? text)
    {
        if (text is null)
        {
            return (null, null);
        }

        var match = Parse(text);
        return (match, Annotation.Annotate(match));
    }

    private Expr Parse(string text) => new MatchParser(new Lexer(text, _pool), table, NamedSets.None).Parse() ?? throw new UnreachableException(text);

    private StorageRoot Root(string name, int width)
    {
        if (!_roots.TryGetValue(name, out var root))
        {
            root = new StorageRoot(name, width);
            _roots.Add(name, root);
        }

        return root;
    }
}
