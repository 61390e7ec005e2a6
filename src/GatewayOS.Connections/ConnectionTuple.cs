using System.Globalization;
using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Connections;

/// <summary>How the packets of one direction of a connection look.</summary>
/// <param name="IsIpv6">The family of both addresses.</param>
/// <param name="Protocol">What the ports are ports of.</param>
/// <param name="Source">An IPv4 address is in the low 32 bits.</param>
/// <param name="Destination">An IPv4 address is in the low 32 bits.</param>
/// <param name="SourcePort">For ICMP the echo identifier.</param>
/// <param name="DestinationPort">For ICMP the type, and the code in the low 8 bits.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConnectionTuple(
    bool IsIpv6, TransportProtocol Protocol, UInt128 Source, UInt128 Destination, ushort SourcePort, ushort DestinationPort)
{
    public IpAddress SourceAddress => new(Source, IsIpv6);

    public IpAddress DestinationAddress => new(Destination, IsIpv6);

    public bool IsIcmp => Protocol is TransportProtocol.Icmp or TransportProtocol.Icmpv6;

    public byte IcmpType => (byte)(DestinationPort >> 8);

    public byte IcmpCode => (byte)DestinationPort;

    /// <summary>Source and destination exchanged: what answers look like when nothing translates them.</summary>
    /// <remarks>Of ICMP only the echo is known; other types keep theirs.</remarks>
    public ConnectionTuple Reversed => this with
    {
        Source = Destination,
        Destination = Source,
        SourcePort = IsIcmp ? SourcePort : DestinationPort,
        DestinationPort = IsIcmp ? EchoOpposite(DestinationPort) : SourcePort,
    };

    // RFC 792: echo 8, echo reply 0; RFC 4443: 128, 129.
    private ushort EchoOpposite(ushort typeAndCode) => (Protocol, typeAndCode) switch
    {
        (TransportProtocol.Icmp, 8 << 8) => 0,
        (TransportProtocol.Icmp, 0) => 8 << 8,
        (TransportProtocol.Icmpv6, 128 << 8) => 129 << 8,
        (TransportProtocol.Icmpv6, 129 << 8) => 128 << 8,
        _ => typeAndCode,
    };

    /// <summary>Such as <c>tcp 192.0.2.1:1234 > 192.0.2.2:80</c>, <c>icmp 192.0.2.1 > 192.0.2.2 id 7 type 8 code 0</c>.</summary>
    public override string ToString()
    {
        var name = Protocol.ToString().ToLowerInvariant();
        return IsIcmp
            ? string.Create(CultureInfo.InvariantCulture, $"{name} {SourceAddress} > {DestinationAddress} id {SourcePort} type {IcmpType} code {IcmpCode}")
            : string.Create(CultureInfo.InvariantCulture, $"{name} {End(SourceAddress, SourcePort)} > {End(DestinationAddress, DestinationPort)}");
    }

    private static string End(IpAddress address, ushort port) =>
        address.IsIpv6 ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}") : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
}
