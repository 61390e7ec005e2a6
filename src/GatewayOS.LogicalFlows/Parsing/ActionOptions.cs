using System.Collections.Frozen;

namespace GatewayOS.LogicalFlows;

/// <summary>The options that actions may name, and what is asked of their values.</summary>
/// <remarks>
/// ovn-controller takes the DHCP options from the southbound tables DHCP_Options and DHCPv6_Options; ovn-northd fills those with the
/// fixed lists of OVN's ovn-l7.h, which are these.
/// </remarks>
internal static class ActionOptions
{
    // Guid would let white space around it pass.
    private const int UuidLength = 36;

    public static FrozenDictionary<string, ActionOptionType> Dhcpv4 { get; } = Table(
        "offerip netmask router dns_server log_server lpr_server swap_server policy_filter router_solicitation nis_server ntp_server "
        + "server_id classless_static_route ms_classless_static_route ip_forward_enable router_discovery ethernet_encap default_ttl tcp_ttl "
        + "mtu lease_time T1 T2 tftp_server_address arp_cache_timeout tcp_keepalive_interval broadcast_address netbios_name_server "
        + "netbios_node_type next_server",
        "hostname domain_name wpad bootfile_name path_prefix domain_search_list bootfile_name_alt",
        "tftp_server");

    public static FrozenDictionary<string, ActionOptionType> Dhcpv6 { get; } = Table(
        "server_id ia_addr dns_server", "domain_search bootfile_name bootfile_name_alt fqdn");

    public static FrozenDictionary<string, ActionOptionType> RouterAdvertisement { get; } = Table(
        "slla prefix mtu rdnss", "addr_mode router_preference dnssl route_info");

    public static FrozenDictionary<string, ActionOptionType> EmptyBackends { get; } = Table("", "vip protocol load_balancer");

    public static string? CheckRouterAdvertisement(List<ActionOption> options)
    {
        var (isStateful, hasPrefix, hasLinkAddress) = (false, false, false);
        foreach (var option in options)
        {
            isStateful |= option is { Name: "addr_mode", Values: [SetItem.Text { Value: "dhcpv6_stateful" }] };
            hasLinkAddress |= option.Name == "slla";
            hasPrefix |= option.Name == "prefix";
            if (option.Values.Count > 1 || !IsValid(option.Name, option.Values[0]))
            {
                return Invalid(option);
            }
        }

        return !hasLinkAddress ? "slla option not present"
            : !isStateful && !hasPrefix ? "prefix option needs to be set when address mode is slaac/dhcpv6_stateless."
            : null;
    }

    public static string? CheckEmptyBackends(List<ActionOption> options)
    {
        foreach (var option in options)
        {
            if (option.Values is not [SetItem.Text { Value: var value }])
            {
                return Invalid(option);
            }

            var error = option.Name switch
            {
                "vip" when !EndpointText.TryParse(value, out _, out _) => $"Invalid load balancer VIP '{value}'",
                "protocol" when value is not ("tcp" or "udp" or "sctp") => $"Load balancer protocol '{value}' is not 'tcp', 'udp', or 'sctp'",
                "load_balancer" when value.Length != UuidLength || !Guid.TryParseExact(value, "D", out _) => $"Load balancer '{value}' is not a UUID",
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static bool IsValid(string name, SetItem value) => (name, value) switch
    {
        ("addr_mode", SetItem.Text text) => text.Value is "slaac" or "dhcpv6_stateful" or "dhcpv6_stateless",
        ("router_preference", SetItem.Text text) => text.Value is "MEDIUM" or "HIGH" or "LOW",
        ("slla", SetItem.Number number) => number.Value.Format == ConstantFormat.Ethernet,
        ("prefix", SetItem.Number number) => number.Value is { Format: ConstantFormat.Ipv6, IsMasked: true },
        ("mtu", SetItem.Number number) => number.Value.Format == ConstantFormat.Dec,
        ("rdnss", SetItem.Number number) => number.Value.Format == ConstantFormat.Ipv6,
        _ => true,
    };

    private static string Invalid(ActionOption option) => $"Invalid value for \"{option.Name}\" option";

    private static FrozenDictionary<string, ActionOptionType> Table(string numbers, string texts, string either = "") =>
        Named(numbers, ActionOptionType.Number)
            .Concat(Named(texts, ActionOptionType.Text))
            .Concat(Named(either, ActionOptionType.Either))
            .ToFrozenDictionary();

    private static IEnumerable<KeyValuePair<string, ActionOptionType>> Named(string names, ActionOptionType type) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create(name, type));
}
