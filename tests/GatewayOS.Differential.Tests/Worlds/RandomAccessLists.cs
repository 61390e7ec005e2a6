namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>Random ACLs and QoS rules for a switch: none, stateless, or some that ask conntrack.</summary>
internal sealed class RandomAccessLists(Dice dice, NorthboundScript script)
{
    private readonly List<string> _changes = [];
    private int _groups;
    private bool _isSmall;

    /// <summary>Commands that change address sets later.</summary>
    public IReadOnlyList<string> Changes => _changes;

    public void Add(string @switch, string routerPort, IReadOnlyList<string> machines)
    {
        if (dice.Percent(25))
        {
            // A rate that nothing here exceeds: meters do not drop, and whoever is counted fares like others.
            var rule = dice.OneOf($"dscp={dice.Below(64)}", "rate=10000000", $"rate=10000000 burst=1000000 dscp={dice.Below(64)}");
            script.Add($"qos-add {@switch} {dice.OneOf("from-lport", "to-lport")} {100 + dice.Below(100)} '{Match("")}' {rule}");
        }

        switch (dice.Below(10))
        {
            case < 4:
                return;
            case < 8:
                Rules(@switch, routerPort, machines, "allow-stateless", "drop");
                return;
            default:
                Rules(@switch, routerPort, machines, "allow-stateless", "drop", "allow-related", "reject", "allow");
                return;
        }
    }

    private void Rules(string @switch, string routerPort, IReadOnlyList<string> machines, params string[] verdicts)
    {
        _groups++;

        // ovn-controller spells a complement out, with a flow for each bit of each prefix, multiplied.
        _isSmall = dice.Percent(50);
        script.Add($"create Address_Set name=as{_groups} addresses={string.Join(',', Addresses())}");
        if (!_isSmall && dice.Percent(50))
        {
            _changes.Add($"add Address_Set as{_groups} addresses 203.0.113.{dice.Below(256)}");
        }

        if (dice.Percent(30))
        {
            _changes.Add($"set Address_Set as{_groups} addresses={string.Join(',', Addresses())}");
        }

        script.Add($"pg-add pg{_groups} {string.Join(' ', machines)}");
        for (var i = 1 + dice.Below(6); i > 0; i--)
        {
            var isFrom = dice.Percent(60);
            var port = isFrom
                ? dice.OneOf($"inport == \"{routerPort}\"", $"inport == @pg{_groups}", "")
                : dice.OneOf($"outport == \"{machines[0]}\"", $"outport == @pg{_groups}", "");
            script.Add($"--may-exist acl-add {@switch} {(isFrom ? "from-lport" : "to-lport")} {1000 + dice.Below(500)} '{Match(port)}' {dice.Pick(verdicts)}");
        }

        if (dice.Percent(50))
        {
            script.Add($"--may-exist acl-add {@switch} {dice.OneOf("from-lport", "to-lport")} 900 'ip' {dice.Pick(verdicts)}");
        }
    }

    // Few are spelled out, more become class bits; some are inside others.
    private IEnumerable<string> Addresses() =>
        Enumerable.Range(0, _isSmall ? 0 : dice.OneOf(0, 3, 8)).Select(_ => dice.OneOf($"203.0.113.{16 * dice.Below(16)}/28", $"192.168.{1 + dice.Below(3)}.{10 + dice.Below(5)}", $"5.{dice.Below(256)}.0.0/16"))
            .Append($"172.16.{1 + dice.Below(3)}.0/24").Append($"203.0.113.{dice.Below(256)}").Append($"5.0.0.0/{8 + dice.Below(8)}").Distinct();

    private string Match(string port)
    {
        var match = dice.OneOf(
            "ip4", "ip6", "ip", "udp", "tcp", "icmp", "sctp.dst == 80", "tcp.dst == {22, 80, 443}", "udp.dst >= 5000 && udp.dst <= 5555", "tcp.src > 60000", "ip4.src == 172.16.0.0/16",
            "ip4.src == 5.0.0.0/9", "ip4.dst == 192.168.1.11", "ip6.dst == 2001:db8:1::/64", "ip4.src != 203.0.113.0/24", "ip4 && ip4.dst != {192.168.1.11, 192.168.2.0/25}",
            "tcp && tcp.flags == 2", "ip.dscp == 10", "ip.ttl > 200", "icmp4.type == 8", "icmp6.type == 128 && icmp6.code == 0", "ip.frag", "ip.proto == 47", "eth.type == 0x86dd",
            "!tcp && !udp && ip", "(ip4.src == 5.1.0.0/16 && tcp) || (ip6 && udp.dst == 53)", _groups == 0 ? "ip4" : $"ip4.src == $as{_groups}", _groups == 0 || !_isSmall ? "ip6" : $"ip4 && ip4.src != $as{_groups}",
            _groups == 0 ? "ip4" : $"ip4.dst == $as{_groups} && ip4.src != 203.0.113.0/26", _groups < 2 ? "ip" : $"(ip4.src == $as{_groups} || ip4.src == $as{_groups - 1}) && udp");
        return port.Length == 0 ? match : $"{port} && ({match})";
    }
}
