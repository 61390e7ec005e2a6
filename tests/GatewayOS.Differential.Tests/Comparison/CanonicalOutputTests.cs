using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

public sealed class CanonicalOutputTests
{
    [Fact]
    public void Only_the_outer_source_port_is_free()
    {
        var one = Canonical(tunnel => tunnel.UdpSource = 1);
        Assert.Equal(one, Canonical(tunnel => tunnel.UdpSource = 40000));
        Assert.NotEqual(one, Canonical(tunnel => tunnel.Ttl = 63));
        Assert.NotEqual(one, Canonical(tunnel => tunnel.InKey = 9));
        Assert.NotEqual(one, Canonical(_ => { }, inner => inner.L4Source = 9));
        Assert.NotEqual(one, Canonical(_ => { }, port: 2));
    }

    [Fact]
    public void The_outer_checksum_is_right_wrong_or_absent()
    {
        Assert.EndsWith("[right outer checksum]", Canonical(_ => { }), StringComparison.Ordinal);
        Assert.EndsWith("[WRONG outer checksum]", Canonical(tunnel => tunnel.WrongUdpChecksum = true), StringComparison.Ordinal);
        Assert.EndsWith("[no outer checksum]", Canonical(tunnel => tunnel.WithChecksum = false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_marker_is_found_behind_any_header()
    {
        var draft = new PacketDraft { IsIpv6 = true, Tunnel = new TunnelDraft() };
        Assert.Equal(77u, Marker.Find(draft.ToOctets(77, 1600)));
        Assert.Null(Marker.Find(draft.ToOctets(77, 1600).AsSpan(0, 90)));
    }

    private static string Canonical(Action<TunnelDraft> change, Action<PacketDraft>? changeInner = null, int port = 1)
    {
        var draft = new PacketDraft { Source = 0x0a000001, Destination = 0x0a000002, Tunnel = new TunnelDraft { Vni = 5, InKey = 1, OutKey = 2 } };
        change(draft.Tunnel);
        changeInner?.Invoke(draft);
        return CanonicalOutput.Of(new Output(port, draft.ToOctets(1, 1600)));
    }
}
