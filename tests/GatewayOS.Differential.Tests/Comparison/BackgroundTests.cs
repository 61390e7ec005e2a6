using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

public sealed class BackgroundTests
{
    [Theory]
    [InlineData(false, Protocols.Icmp, 3, false)]
    [InlineData(false, Protocols.Tcp, 80, false)]
    [InlineData(false, Protocols.Udp, 3784, true)]
    [InlineData(true, Protocols.IcmpV6, 1, false)]
    [InlineData(true, Protocols.IcmpV6, 135, true)]
    public void Answers_are_not_background(bool isIpv6, byte protocol, ushort number, bool isBackground)
    {
        foreach (var tunnel in new[] { null, new TunnelDraft(), new TunnelDraft { WithoutOption = true }, new TunnelDraft { UdpDestination = 4789 } })
        {
            var draft = new PacketDraft { IsIpv6 = isIpv6, Protocol = protocol, L4Source = number, L4Destination = number, Tunnel = tunnel };
            Assert.Equal(isBackground, Background.Is(draft.ToOctets(1, 1600)));
            draft.Tags.Add((0x8100, 5));
            Assert.Equal(isBackground, Background.Is(draft.ToOctets(1, 1600)));
        }
    }

    [Fact]
    public void ARP_is_background() => Assert.True(Background.Is(new PacketDraft { EtherType = 0x0806 }.ToOctets(1, 1600)));
}
