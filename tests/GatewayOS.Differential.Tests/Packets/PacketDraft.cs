namespace GatewayOS.Differential.Tests.Packets;

/// <summary>A packet to be: the values of its headers, and what is to be wrong with it.</summary>
internal sealed class PacketDraft
{
    public ulong EthDestination { get; set; }

    public ulong EthSource { get; set; }

    /// <summary>VLAN tags (protocol, control information), the outer one first.</summary>
    public List<(int Protocol, int Control)> Tags { get; } = [];

    public int? EtherType { get; set; }

    public bool IsIpv6 { get; set; }

    /// <summary>An ARP packet of the sender's for the destination; null for IP.</summary>
    public ushort? ArpOperation { get; set; }

    public UInt128 Source { get; set; }

    public UInt128 Destination { get; set; }

    public byte Protocol { get; set; } = Protocols.Udp;

    public byte Ttl { get; set; } = 64;

    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass { get; set; }

    public uint FlowLabel { get; set; }

    /// <summary>IPv4: flags and fragment offset.</summary>
    public ushort Fragment { get; set; }

    /// <summary>IPv4 options, a multiple of four octets.</summary>
    public byte[] Options { get; set; } = [];

    /// <summary>An IPv6 extension header to put before the payload; null for none.</summary>
    public byte? Extension { get; set; }

    public byte? VersionAndLength { get; set; }

    /// <summary>Added to the length that the IP header tells.</summary>
    public int LengthError { get; set; }

    public bool WrongIpChecksum { get; set; }

    /// <summary>For ICMP the type.</summary>
    public ushort L4Source { get; set; }

    /// <summary>For ICMP the code.</summary>
    public ushort L4Destination { get; set; }

    public byte TcpFlags { get; set; } = 0x10;

    public int TcpDataOffset { get; set; } = 5;

    public bool WrongL4Checksum { get; set; }

    public bool NoUdpChecksum { get; set; }

    public int UdpLengthError { get; set; }

    /// <summary>Octets of payload behind the marker.</summary>
    public int PayloadLength { get; set; }

    /// <summary>Octets behind the IP packet.</summary>
    public int Padding { get; set; }

    /// <summary>Octets cut off at the end.</summary>
    public int Cut { get; set; }

    public TunnelDraft? Tunnel { get; set; }

    /// <param name="marker">The number of its marker.</param>
    /// <param name="mtu">Of the network card it comes in by: payload that does not fit is left out.</param>
    public byte[] ToOctets(uint marker, int mtu)
    {
        var frame = Whole(marker);
        if (frame.Length > mtu + 14)
        {
            PayloadLength -= Math.Min(PayloadLength, frame.Length - mtu - 14);
            frame = Whole(marker);
        }

        return frame;
    }

    private byte[] Whole(uint marker) => Tunnel is null ? Frame(marker) : Tunnel.Around(Frame(marker));

    private byte[] Frame(uint marker)
    {
        var frame = new OctetWriter().Mac(EthDestination).Mac(EthSource);
        foreach (var (protocol, control) in Tags)
        {
            frame.U16(protocol).U16(control);
        }

        frame.U16(EtherType ?? (ArpOperation is not null ? 0x0806 : IsIpv6 ? 0x86dd : 0x0800));
        var segment = ArpOperation is null ? Segment(marker) : [];
        if (ArpOperation is { } operation)
        {
            // The marker is in what pads the frame.
            frame.U16(1).U16(0x0800).U8(6).U8(4).U16(operation).Mac(EthSource).Address(Source, isIpv6: false).Mac(0).Address(Destination, isIpv6: false);
            Marker.Write(frame, marker);
        }
        else if (IsIpv6)
        {
            Ipv6Header(frame, segment);
        }
        else
        {
            Ipv4Header(frame, segment.Length, marker);
        }

        frame.Octets(segment).Octets(new byte[Padding]);
        return frame.Written[..Math.Max(14, frame.Length - Cut)].ToArray();
    }

    private void Ipv4Header(OctetWriter frame, int length, uint marker)
    {
        var header = new OctetWriter()
            .U8(VersionAndLength ?? 0x45 + Options.Length / 4).U8(TrafficClass).U16(20 + Options.Length + length + LengthError)
            .U16((ushort)marker).U16(Fragment).U8(Ttl).U8(Protocol).U16(0)
            .Address(Source, isIpv6: false).Address(Destination, isIpv6: false).Octets(Options);
        var sum = Checksum.Finish(Checksum.Sum(header.Written));
        new OctetWriter().U16(WrongIpChecksum ? sum ^ 0x1234 : sum).Written.CopyTo(header.Written[10..]);
        frame.Octets(header.Written);
    }

    private void Ipv6Header(OctetWriter frame, ReadOnlySpan<byte> segment)
    {
        // A fragment header (44) or one with eight octets of padding options.
        var extension = Extension is null ? new OctetWriter()
            : Extension == 44 ? new OctetWriter().U8(Protocol).U8(0).U16(Fragment).U32(7)
            : new OctetWriter().U8(Protocol).U8(0).U8(1).U8(4).U32(0);
        frame.U32((uint)(VersionAndLength ?? 6) << 28 | (uint)TrafficClass << 20 | FlowLabel)
            .U16(extension.Length + segment.Length + LengthError).U8(Extension ?? Protocol).U8(Ttl)
            .Address(Source, isIpv6: true).Address(Destination, isIpv6: true).Octets(extension.Written);
    }

    private byte[] Segment(uint marker)
    {
        var payload = new OctetWriter();
        Marker.Write(payload, marker);
        for (var i = 0; i < PayloadLength; i++)
        {
            payload.U8(i * 7);
        }

        var segment = new OctetWriter();
        var checksumAt = Header(segment, payload.Length);
        var octets = segment.Octets(payload.Written).Written.ToArray();
        if (checksumAt is { } at && !(Protocol == Protocols.Udp && NoUdpChecksum))
        {
            var sum = Protocol == Protocols.Icmp ? Checksum.Finish(Checksum.Sum(octets)) : Checksum.OfSegment(
                new OctetWriter().Address(Source, IsIpv6).Written, new OctetWriter().Address(Destination, IsIpv6).Written, Protocol, octets);
            sum = Protocol == Protocols.Udp && sum == 0 ? (ushort)0xffff : sum;
            new OctetWriter().U16(WrongL4Checksum ? sum ^ 0x4321 : sum).Written.CopyTo(octets.AsSpan(at));
        }

        return octets;
    }

    /// <summary>Writes the L4 header with a checksum of 0; returns where that is, if there is one.</summary>
    private int? Header(OctetWriter segment, int payload)
    {
        switch (Protocol)
        {
            case Protocols.Tcp:
                segment.U16(L4Source).U16(L4Destination).U32(1000).U32(2000).U8(TcpDataOffset << 4).U8(TcpFlags).U16(512).U16(0).U16(0);
                return 16;
            case Protocols.Udp:
                segment.U16(L4Source).U16(L4Destination).U16(8 + payload + UdpLengthError).U16(0);
                return 6;
            case Protocols.Icmp or Protocols.IcmpV6:
                segment.U8(L4Source).U8(L4Destination).U16(0).U16(77).U16(1);
                return 2;
            case Protocols.Sctp:
                segment.U16(L4Source).U16(L4Destination).U32(5).U32(0xdeadbeef);
                return null;
            default:
                return null;
        }
    }
}
