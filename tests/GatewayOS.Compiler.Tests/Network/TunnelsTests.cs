using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Compiler.Tests.Network;

/// <summary>Which tunnels ovn-controller would have (its encaps.c; ovn-sb(5), Chassis and Encap).</summary>
public sealed class TunnelsTests
{
    private const uint FarIp = 0x0a00_0002;

    private static readonly TunnelPath s_path = new(FarIp, 0x0a00_0001, 1, new MacAddress(0x0200_0000_0001), new MacAddress(0x0200_0000_0002), 1600);

    public static TheoryData<string[], string[], string?> Encapsulations { get; } = new()
    {
        { ["geneve"], ["geneve"], "geneve" },
        { ["geneve", "vxlan"], ["vxlan"], "vxlan" },
        { ["geneve", "vxlan"], ["vxlan", "geneve"], "geneve" },
        { ["vxlan"], ["vxlan", "geneve"], "vxlan" },
        { ["geneve"], ["vxlan"], null },
        { ["stt", "vxlan"], ["vxlan", "stt"], null },
    };

    [Theory]
    [MemberData(nameof(Encapsulations))]
    public void The_best_encapsulation_that_both_ends_have_is_used(string[] own, string[] far, string? used)
    {
        var network = new Two(own, far);

        Assert.Equal(used, network.Used);
    }

    [Theory]
    [InlineData("6081", "geneve")]
    [InlineData("6082", null)]
    public void A_UDP_port_that_the_pipeline_does_not_know_is_no_tunnel_of_it(string port, string? used) =>
        Assert.Equal(used, new Two(["geneve"], ["geneve"]) { Options = TextMap.Of(("dst_port", port)) }.Used);

    [Fact]
    public void With_several_addresses_of_its_own_a_chassis_may_send_from_either_but_packets_come_in()
    {
        var network = new Two(["geneve", "geneve"], ["geneve"]);

        Assert.Null(network.Tunnels.To(network.Far));
        Assert.Equal([(TunnelType.Geneve, s_path, (ushort)0)], network.Tunnels.Peers());
    }

    [Theory]
    [InlineData("", "", "geneve")]
    [InlineData("a,b", "b,c", "geneve")]
    [InlineData("a", "b", null)]
    [InlineData("a", "", null)]
    [InlineData("", "a", null)]
    public void Chassis_of_other_transport_zones_have_no_tunnel(string own, string far, string? used) =>
        Assert.Equal(used, new Two(["geneve"], ["geneve"]) { OwnZones = Zones(own), FarZones = Zones(far) }.Used);

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "geneve")]
    public void Chassis_of_other_availability_zones_have_tunnels_from_those_that_interconnect_them(bool isInterconnecting, string? used) =>
        Assert.Equal(used, new Two(["geneve"], ["geneve"]) { IsRemote = true, IsInterconnecting = isInterconnecting }.Used);

    [Fact]
    public void Before_the_chassis_has_its_row_there_is_no_tunnel() => Assert.Null(new Two(["geneve"], ["geneve"]) { OwnName = "another" }.Used);

    [Theory]
    [InlineData("vxlan", "10.1.0.3", 2)]
    [InlineData("vxlan", "10.1.0.2", 0)]
    [InlineData("geneve", "10.1.0.3", 0)]
    public void Who_sends_by_VXLAN_is_known_by_a_number_unless_it_would_be_that_of_another(string type, string third, ushort number)
    {
        var network = new Two([type], [type]) { Third = third };

        Assert.Equal(number, network.Tunnels.To(network.Far)!.Number);
        Assert.Equal(number, network.Tunnels.Peers().Single(peer => peer.Path.RemoteIp == FarIp).Number);
        Assert.Equal(2, network.Tunnels.Peers().Count());
    }

    [Theory]
    [InlineData(4095, 2047, true)]
    [InlineData(4096, 1, false)]
    [InlineData(1, 2048, false)]
    [InlineData(1, 0x8000, true)]
    [InlineData(1, 0x87ff, true)]
    [InlineData(1, 0x8800, false)]
    public void A_VXLAN_key_has_12_bits_of_datapath_and_11_of_port_or_group(int datapathKey, int outKey, bool hasKey) =>
        Assert.Equal(hasKey, Tunnels.HasVxlanKey(datapathKey, outKey));

    private static string[] Zones(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>This chassis and one more.</summary>
    private sealed class Two(string[] own, string[] far)
    {
        public Guid Far { get; } = Guid.NewGuid();

        public string OwnName { get; init; } = "self";

        public string[] OwnZones { get; init; } = [];

        public string[] FarZones { get; init; } = [];

        public TextMap Options { get; init; } = TextMap.Empty;

        /// <summary>The address of a third chassis that is like the second.</summary>
        public string? Third { get; init; }

        public bool IsRemote { get; init; }

        public bool IsInterconnecting { get; init; }

        public Tunnels Tunnels
        {
            get
            {
                var (mine, others) = (Encaps(own, "10.0.0.1", TextMap.Empty), Encaps(far, "10.0.0.2", Options));
                var other = new Chassis
                {
                    Uuid = Far,
                    Name = "far",
                    Encaps = [.. others.Select(encap => encap.Uuid)],
                    TransportZones = [.. FarZones],
                    OtherConfig = IsRemote ? TextMap.Of(("is-remote", "true")) : TextMap.Empty,
                };
                var self = new Chassis
                {
                    Uuid = Guid.NewGuid(),
                    Name = OwnName,
                    Encaps = [.. mine.Select(encap => encap.Uuid)],
                    TransportZones = [.. OwnZones],
                    OtherConfig = IsInterconnecting ? TextMap.Of(("is-interconn", "true")) : TextMap.Empty,
                };
                var more = Third is not null ? Encaps(far, Third, Options) : [];
                var third = new Chassis { Uuid = Guid.NewGuid(), Name = "third", Encaps = [.. more.Select(encap => encap.Uuid)] };
                return new Tunnels(
                    Southbound.Empty with { Chassis = [self, other, third], Encaps = [.. mine, .. others, .. more] },
                    new DeviceView([], [s_path, .. Third is null ? Array.Empty<TunnelPath>() : [s_path with { RemoteIp = IpAddress.TryParseV4(Third, out var ip) ? ip : 0 }]]), "self");
            }
        }

        /// <summary>The encapsulation that packets go out by and come in by, or null if there is none.</summary>
        public string? Used
        {
            get
            {
                var tunnels = Tunnels;
                var used = tunnels.To(Far)?.Encapsulation.Type;
                Assert.Equal(used, tunnels.Peers().Select(peer => (TunnelType?)peer.Type).SingleOrDefault());
                return used?.ToString().ToLowerInvariant();
            }
        }

        private static List<Encap> Encaps(string[] types, string ip, TextMap options) =>
            [.. types.Select(type => new Encap { Uuid = Guid.NewGuid(), Type = type, Ip = ip, Options = options })];
    }
}
