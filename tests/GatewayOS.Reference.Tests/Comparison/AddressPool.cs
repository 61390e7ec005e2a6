using GatewayOS.Core;
using GatewayOS.Ovn;

namespace GatewayOS.Reference.Tests.Comparison;

/// <summary>What addresses and ports occur in a database, for packets that meet its flows.</summary>
internal sealed class AddressPool
{
    public AddressPool(Southbound southbound)
    {
        var words = southbound.PortBindings.SelectMany(port => port.Mac.Concat(port.PortSecurity).Concat(port.NatAddresses))
            .Concat(southbound.MacBindings.Select(row => $"{row.Mac} {row.Ip}"))
            .Concat(southbound.StaticMacBindings.Select(row => $"{row.Mac} {row.Ip}"))
            .Concat(southbound.Fdb.Select(row => row.Mac))
            .Concat(southbound.AddressSets.SelectMany(set => set.Addresses))
            .Concat(southbound.LogicalFlows.SelectMany(flow => new[] { flow.Match, flow.Actions }))
            .SelectMany(text => text.Split([' ', ',', '{', '}', '(', ')', ';', '=', '"'], StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToList();
        Macs = [.. words.Where(word => MacAddress.TryParse(word, out _)), "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05", "33:33:00:00:00:01", "33:33:ff:00:00:11", "02:99:00:00:00:01"];
        var addresses = words.Select(word => word.Split('/')[0]).Concat(words.Select(NextInNetwork).OfType<string>()).Distinct().ToList();
        Ip4 = [.. addresses.Where(word => IpAddress.TryParseV4(word, out _)), "8.8.8.8", "255.255.255.255", "224.0.0.5", "0.0.0.0"];
        Ip6 = [.. addresses.Where(word => IpAddress.TryParseV6(word, out _)), "2001:4860::8888", "ff02::1", "ff02::1:ff00:11", "::", "fe80::1"];
        Ports = [.. words.Where(word => ushort.TryParse(word, out var number) && number > 0), "1", "53", "67", "68", "546", "547", "3", "40000"];
    }

    public IReadOnlyList<string> Macs { get; }

    public IReadOnlyList<string> Ip4 { get; }

    public IReadOnlyList<string> Ip6 { get; }

    public IReadOnlyList<string> Ports { get; }

    private static string? NextInNetwork(string word) =>
        word.Split('/') is [var text, _] && IpAddress.TryParse(text, out var address) ? (address with { Value = address.Value + 7 }).ToString() : null;
}
