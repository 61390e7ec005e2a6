using System.Globalization;
using GatewayOS.Core;
using GatewayOS.Ovn.Rows;
using GatewayOS.Reference.Network;

namespace GatewayOS.Reference.Tests.Comparison;

/// <summary>Microflows at random ports of a network. Half of them are what a port's owner would send, the others anything.</summary>
internal sealed class RandomPackets(ReferenceNetwork network, int seed)
{
    private readonly SeededNumbers _random = new(seed);
    private readonly AddressPool _pool = new(network.Southbound);
    private readonly ReferencePort[] _ports = [.. network.Datapaths.SelectMany(datapath => datapath.Ports).Where(port => port.Row.Type != "chassisredirect").OrderBy(port => port.Name, StringComparer.Ordinal)];

    public (ReferenceDatapath Datapath, string Microflow) Next()
    {
        var port = Pick(_ports);
        var isOwn = _random.Next(4) > 0;
        var (mac, ip4, ip6) = Owner(port.Row, isOwn);
        var link = $"inport == \"{port.Name}\" && eth.src == {mac} && eth.dst == {Target(port)}";
        if (_random.Next(12) == 0)
        {
            link += string.Create(CultureInfo.InvariantCulture, $" && vlan.tci == {0x1000 + _random.Next(4096)}");
        }

        return (port.Datapath, $"{link} && {Payload(mac, ip4, ip6)}");
    }

    private string Payload(string mac, string ip4, string ip6)
    {
        switch (_random.Next(20))
        {
            case 0:
                var sender = _random.Next(4) > 0 ? mac : Pick(_pool.Macs);
                return $"arp && arp.op == {1 + _random.Next(2)} && arp.sha == {sender} && arp.spa == {ip4} && arp.tha == {Pick(_pool.Macs)} && arp.tpa == {Pick(_pool.Ip4)}";
            case 1:
                return string.Create(CultureInfo.InvariantCulture, $"rarp && rarp.op == {1 + _random.Next(2)} && rarp.sha == {mac}");
            case 2:
                return $"{Ip6(ip6, 255)} && nd_ns && nd.target == {Pick(_pool.Ip6)} && nd.sll == {(_random.Next(4) > 0 ? mac : Pick(_pool.Macs))}";
            case 3:
                return $"{Ip6(ip6, 255)} && nd_na && nd.target == {ip6} && nd.tll == {(_random.Next(4) > 0 ? mac : Pick(_pool.Macs))}";
            case 4:
                return string.Create(CultureInfo.InvariantCulture, $"eth.type == 0x{0x88b5 + _random.Next(3):x}");
            case < 13:
                return $"{Ip4(ip4)} && {Transport(isIp6: false)}";
            default:
                return $"{Ip6(ip6, HopLimit())} && {Transport(isIp6: true)}";
        }
    }

    private string Transport(bool isIp6)
    {
        switch (_random.Next(10))
        {
            case 0:
                return string.Create(CultureInfo.InvariantCulture, $"ip.proto == {Pick([2, 47, 50])}");
            case < 3 when isIp6:
                return $"icmp6 && icmp6.type == {Pick([128, 129, 130, 131, 133, 134, 143, 1, 2])} && icmp6.code == {Pick([0, 0, 1])}";
            case < 3:
                return $"icmp4 && icmp4.type == {Pick([8, 8, 0, 3, 11])} && icmp4.code == {Pick([0, 0, 1])}";
            case 3:
                return $"sctp && sctp.src == {Pick(_pool.Ports)} && sctp.dst == {Pick(_pool.Ports)}";
            case 4:
                return $"udp && udp.src == {Pick(["67", "68", "546", "547"])} && udp.dst == {Pick(["67", "68", "546", "547", "53"])}";
            case < 7:
                return $"udp && udp.src == {Pick(_pool.Ports)} && udp.dst == {Pick(_pool.Ports)}";
            default:
                return $"tcp && tcp.src == {Pick(_pool.Ports)} && tcp.dst == {Pick(_pool.Ports)} && tcp.flags == {Pick([2, 16, 4, 1])}";
        }
    }

    private string Ip4(string source) => $"ip4 && ip4.src == {source} && ip4.dst == {Pick(_pool.Ip4)}{Common(HopLimit())}";

    private string Ip6(string source, int hopLimit) => $"ip6 && ip6.src == {source} && ip6.dst == {Pick(_pool.Ip6)}{Common(hopLimit)}";

    private string Common(int hopLimit)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $" && ip.ttl == {hopLimit}");
        text += _random.Next(10) == 0 ? string.Create(CultureInfo.InvariantCulture, $" && ip.dscp == {_random.Next(64)}") : "";
        return text + (_random.Next(15) == 0 ? string.Create(CultureInfo.InvariantCulture, $" && ip.frag == {Pick([1, 3])}") : "");
    }

    private int HopLimit() => _random.Next(12) == 0 ? _random.Next(3) : Pick([64, 64, 128, 255]);

    // Where a sender on this port would send to: its router, a neighbour, anywhere.
    private string Target(ReferencePort port) => _random.Next(10) switch
    {
        < 5 => Pick([.. port.Datapath.Ports.SelectMany(Macs), "ff:ff:ff:ff:ff:ff"]),
        < 8 => Pick([.. Routers(port).SelectMany(Macs), "ff:ff:ff:ff:ff:ff"]),
        _ => Pick(_pool.Macs),
    };

    private IEnumerable<ReferencePort> Routers(ReferencePort port) =>
        port.Datapath.Ports.Select(other => other.Row.Options.Find("peer")).OfType<string>().Select(network.Port).OfType<ReferencePort>();

    private static IEnumerable<string> Macs(ReferencePort port) =>
        port.Row.Mac.SelectMany(text => text.Split(' ')).Where(word => MacAddress.TryParse(word, out _));

    private (string Mac, string Ip4, string Ip6) Owner(PortBinding port, bool isOwn)
    {
        var words = port.Mac.Concat(port.PortSecurity).SelectMany(text => text.Split(' ')).Select(word => word.Split('/')[0]).ToList();
        return (
            Own([.. words.Where(word => MacAddress.TryParse(word, out _))], _pool.Macs),
            Own([.. words.Where(word => IpAddress.TryParseV4(word, out _))], _pool.Ip4),
            Own([.. words.Where(word => IpAddress.TryParseV6(word, out _))], _pool.Ip6));

        string Own(List<string> own, IReadOnlyList<string> pool) => isOwn && own.Count > 0 ? Pick(own) : Pick(pool);
    }

    private T Pick<T>(IReadOnlyList<T> items) => _random.Pick(items);
}
