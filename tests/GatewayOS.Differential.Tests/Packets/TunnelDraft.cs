namespace GatewayOS.Differential.Tests.Packets;

/// <summary>The outer headers of a packet to be (RFC 8926 Geneve, RFC 7348 VXLAN), and what is to be wrong with them.</summary>
internal sealed class TunnelDraft
{
    public ulong EthDestination { get; set; }

    public ulong EthSource { get; set; }

    public uint Source { get; set; }

    public uint Destination { get; set; }

    public byte Ttl { get; set; } = 64;

    public byte TrafficClass { get; set; }

    public ushort Fragment { get; set; } = 0x4000;

    public ushort UdpSource { get; set; } = 50000;

    public ushort UdpDestination { get; set; } = 6081;

    public uint Vni { get; set; }

    public ushort InKey { get; set; }

    public ushort OutKey { get; set; }

    public ushort OptionClass { get; set; } = 0x0102;

    public byte OptionType { get; set; } = 0x80;

    /// <summary>Version (2 bits); the option length is added.</summary>
    public byte Version { get; set; }

    /// <summary>O, C and reserved bits.</summary>
    public byte Flags { get; set; } = 0x40;

    public int Protocol { get; set; } = 0x6558;

    /// <summary>A further option, or null.</summary>
    public byte[]? FurtherOption { get; set; }

    public bool WithoutOption { get; set; }

    /// <summary>The first word of a VXLAN header: the I bit and reserved ones.</summary>
    public uint VxlanFlags { get; set; } = 0x0800_0000;

    /// <summary>The last octet of a VXLAN header.</summary>
    public byte VxlanReserved { get; set; }

    public bool WithChecksum { get; set; } = true;

    public bool WrongUdpChecksum { get; set; }

    public bool WrongIpChecksum { get; set; }

    public int LengthError { get; set; }

    public bool IsVxlan => UdpDestination == 4789;

    public byte[] Around(ReadOnlySpan<byte> frame)
    {
        var header = TunnelHeader();
        var length = 8 + header.Length + frame.Length;
        var udp = new OctetWriter().U16(UdpSource).U16(UdpDestination).U16(length).U16(0).Octets(header.Written).Octets(frame).Written;
        if (WithChecksum)
        {
            var sum = Checksum.OfSegment(new OctetWriter().U32(Source).Written, new OctetWriter().U32(Destination).Written, Protocols.Udp, udp);
            sum = sum == 0 ? (ushort)0xffff : sum;
            new OctetWriter().U16(WrongUdpChecksum ? sum ^ 0x1111 : sum).Written.CopyTo(udp[6..]);
        }

        var ip = new OctetWriter().U8(0x45).U8(TrafficClass).U16(20 + length + LengthError).U16(0).U16(Fragment).U8(Ttl).U8(Protocols.Udp).U16(0)
            .U32(Source).U32(Destination);
        var ipSum = Checksum.Finish(Checksum.Sum(ip.Written));
        new OctetWriter().U16(WrongIpChecksum ? ipSum ^ 0x2222 : ipSum).Written.CopyTo(ip.Written[10..]);
        return new OctetWriter().Mac(EthDestination).Mac(EthSource).U16(0x0800).Octets(ip.Written).Octets(udp).Written.ToArray();
    }

    private OctetWriter TunnelHeader()
    {
        if (IsVxlan)
        {
            return new OctetWriter().U32(VxlanFlags).U32(Vni << 8 | VxlanReserved);
        }

        var options = new OctetWriter();
        if (!WithoutOption)
        {
            options.U16(OptionClass).U8(OptionType).U8(1).U16(InKey).U16(OutKey);
        }

        options.Octets(FurtherOption);
        return new OctetWriter().U8(Version << 6 | options.Length / 4).U8(Flags).U16(Protocol).U32(Vni << 8).Octets(options.Written);
    }
}
