using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class SymbolTableTests
{
    private static readonly SymbolTable s_symbols = SymbolTable.For(LanguageVersion.Any);

    [Theory]
    [InlineData("xxreg0", "xxreg0", 0, 128)]
    [InlineData("xreg0", "xxreg0", 64, 64)]
    [InlineData("xreg1", "xxreg0", 0, 64)]
    [InlineData("reg0", "xxreg0", 96, 32)]
    [InlineData("reg3", "xxreg0", 0, 32)]
    [InlineData("reg4", "xxreg1", 96, 32)]
    [InlineData("reg8", "xreg4", 32, 32)]
    [InlineData("reg9", "xreg4", 0, 32)]
    [InlineData("remote_outport", "xxreg0", 64, 32)]
    [InlineData("inport", "inport", 0, 32)]
    [InlineData("__inport", "inport", 0, 32)]
    [InlineData("ct.trk", "ct_state", 5, 1)]
    [InlineData("ct_mark.ecmp_reply_port", "ct_mark", 16, 16)]
    [InlineData("flags.network_id", "flags", 28, 4)]
    [InlineData("eth.mcast", "eth.dst", 40, 1)]
    [InlineData("vlan.vid", "vlan.tci", 0, 12)]
    [InlineData("rarp.spa", "arp.spa", 0, 32)]
    [InlineData("ip.dscp", "ip.dscp", 0, 6)]
    public void A_field_knows_the_bits_it_occupies(string name, string root, int offset, int width)
    {
        var storage = s_symbols[name].Storage!.Value;
        Assert.Equal((root, offset, width), (storage.Root.Name, storage.Offset, storage.Width));
    }

    [Fact]
    public void Registers_overlap_exactly_with_those_they_are_part_of()
    {
        var reg2 = s_symbols["reg2"].Whole.Bits;
        Assert.True(reg2.Overlaps(s_symbols["xreg1"].Whole.Bits));
        Assert.True(reg2.Overlaps(s_symbols["xxreg0"].Whole.Bits));
        Assert.False(reg2.Overlaps(s_symbols["xreg0"].Whole.Bits));
        Assert.False(reg2.Overlaps(s_symbols["reg3"].Whole.Bits));
        Assert.False(reg2.Overlaps(s_symbols["reg6"].Whole.Bits));
    }

    [Theory]
    [InlineData("tcp.dst", "ip.proto == 0x6 && (eth.type == 0x800 || eth.type == 0x86dd)")]
    [InlineData("vlan.vid", "vlan.tci[12]")]
    [InlineData("ct.est", "ct_state[5]")]
    [InlineData("ct.trk", null)]
    [InlineData("reg0", null)]
    public void Prerequisites_are_annotated(string name, string? expected) => Assert.Equal(expected, s_symbols[name].Prerequisite?.ToString());

    [Theory]
    [InlineData("ct_mark.blocked", LanguageVersion.Ovn2206, null)]
    [InlineData("ct_label.blocked", LanguageVersion.Ovn2203, LanguageVersion.Ovn2409)]
    [InlineData("rarp.tpa", LanguageVersion.Ovn2212, null)]
    [InlineData("flags.tunnel_rx", LanguageVersion.Ovn2403, null)]
    [InlineData("nd_ns_mcast", LanguageVersion.Ovn2409, null)]
    [InlineData("ct_label.acl_id", LanguageVersion.Ovn2503, null)]
    [InlineData("remote_outport", LanguageVersion.Ovn2509, null)]
    [InlineData("ct_label.nf", LanguageVersion.Ovn2603, null)]
    [InlineData("from_evpn_vtep", LanguageVersion.Newest, null)]
    public void Versions_know_their_own_symbols(string name, LanguageVersion first, LanguageVersion? dropped)
    {
        foreach (var version in Enum.GetValues<LanguageVersion>())
        {
            var isKnown = version == LanguageVersion.Any || (version >= first && !(version >= dropped));
            Assert.True(isKnown == SymbolTable.For(version).TryGet(name, out _), $"{name} in {version}");
        }
    }

    // Without registers and ct_state's parts: what ovn_init_symtab of the release adds by name.
    [Theory]
    [InlineData(LanguageVersion.Ovn2203, 87)]
    [InlineData(LanguageVersion.Newest, 121)]
    public void Versions_have_as_many_symbols_as_OVN(LanguageVersion version, int count) => Assert.Equal(
        count,
        SymbolTable.For(version).Fields.Count(field => !field.Name.StartsWith("ct.", StringComparison.Ordinal) && !IsRegister(field.Name)));

    private static bool IsRegister(string name) => name.TrimStart('x').StartsWith("reg", StringComparison.Ordinal);

    [Theory]
    [InlineData("23.03.1-20.27.0-70.6", LanguageVersion.Ovn2303)]
    [InlineData("25.03.0-20.41.0-77.6", LanguageVersion.Ovn2503)]
    [InlineData("24.03.9", LanguageVersion.Ovn2403)]
    [InlineData("25.06.0-x", LanguageVersion.Ovn2503)]
    [InlineData("21.12.0-20.21.0-58.3", LanguageVersion.Ovn2203)]
    [InlineData("26.09.0", LanguageVersion.Newest)]
    [InlineData("", LanguageVersion.Any)]
    [InlineData("4294967296.3", LanguageVersion.Any)]
    [InlineData(null, LanguageVersion.Any)]
    public void The_version_of_northd_tells_the_language(string? northd, LanguageVersion expected) =>
        Assert.Equal(expected, LanguageVersions.OfNorthd(northd));

    [Theory]
    [InlineData("tcp.dst == 80", "tcp.dst == 0x50 && ct_state[5] && !ct_state[4] && ct_state[5] && ct_proto == 0x6 && ct_state[5]")]
    [InlineData("udp", "ct_state[5] && !ct_state[4] && ct_state[5] && ct_proto == 0x11 && ct_state[5]")]
    public void Translated_ACLs_ask_the_connection_for_ports(string match, string expected)
    {
        var parser = new LogicalFlowParser(s_symbols.AclTranslation);
        Assert.Equal(expected, Annotation.Annotate(parser.ParseMatch(match).Match!).ToString());
        Assert.Equal("ct_tp_dst", s_symbols.AclTranslation["udp.dst"].Storage!.Value.Root.Name);
        Assert.Same(s_symbols["ip4.src"], s_symbols.AclTranslation["ip4.src"]);
    }
}
