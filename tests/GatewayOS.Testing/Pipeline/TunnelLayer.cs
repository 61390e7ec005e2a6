using System.Net;
using GatewayOS.Core;

namespace GatewayOS.Testing.Pipeline;

/// <summary>The outer headers of a tunnel packet, as OVN sends them unless a test says otherwise.</summary>
public sealed record TunnelLayer
{
    public MacAddress EthDst { get; init; } = MacAddress.Parse("02:00:00:00:0a:01");

    public MacAddress EthSrc { get; init; } = MacAddress.Parse("02:00:00:00:0a:02");

    public IPAddress Src { get; init; } = IPAddress.Parse("192.0.2.2");

    public IPAddress Dst { get; init; } = IPAddress.Parse("192.0.2.1");

    public byte Tos { get; init; }

    public byte Ttl { get; init; } = 64;

    /// <summary>0: any port of OVS's range will do.</summary>
    public ushort SourcePort { get; init; } = 40000;

    public bool Vxlan { get; init; }

    public uint Vni { get; init; } = 7;

    public ushort InKey { get; init; } = 3;

    public ushort OutKey { get; init; } = 5;

    public bool Checksum { get; init; } = true;

    /// <summary>Version, option length and flags of the Geneve header; the second octet of VXLAN's flags word follows the first.</summary>
    public ushort GeneveWord { get; init; } = 0x0240;

    public ushort OptionClass { get; init; } = 0x0102;

    /// <summary>Added to the UDP checksum, to make it wrong.</summary>
    public ushort Spoil { get; init; }

    public byte[] Wrap(byte[] inner)
    {
        byte[] shim = Vxlan
            ? [0x08, 0, 0, 0, (byte)(Vni >> 16), (byte)(Vni >> 8), (byte)Vni, 0]
            :
            [
                .. InternetChecksum.Big16(GeneveWord), 0x65, 0x58, (byte)(Vni >> 16), (byte)(Vni >> 8), (byte)Vni, 0,
                .. InternetChecksum.Big16(OptionClass), 0x80, 1, .. InternetChecksum.Big16(InKey), .. InternetChecksum.Big16(OutKey),
            ];
        var length = 8 + shim.Length + inner.Length;
        byte[] udp =
        [
            .. InternetChecksum.Big16(SourcePort), .. InternetChecksum.Big16(Vxlan ? 4789 : 6081), .. InternetChecksum.Big16(length), 0, 0,
        ];
        byte[] pseudo = [.. Src.GetAddressBytes(), .. Dst.GetAddressBytes(), 0, 17, .. InternetChecksum.Big16(length)];
        if (Checksum)
        {
            InternetChecksum.Big16(InternetChecksum.Compute(pseudo, udp, shim, inner) + Spoil).CopyTo(udp, 6);
        }

        byte[] ip =
        [
            0x45, Tos, .. InternetChecksum.Big16(20 + length), 0, 0, 0x40, 0, Ttl, 17, 0, 0, .. Src.GetAddressBytes(), .. Dst.GetAddressBytes(),
        ];
        InternetChecksum.Big16(InternetChecksum.Compute(ip)).CopyTo(ip, 10);
        return [.. TestFrame.Octets(EthDst), .. TestFrame.Octets(EthSrc), 8, 0, .. ip, .. udp, .. shim, .. inner];
    }
}
