using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>A topology made of random pieces, the same for the same seed.</summary>
internal sealed class RandomWorld
{
    private const int LocalLimit = 4;

    private readonly Dice _dice;
    private readonly NorthboundScript _script = new();
    private readonly List<string> _local = [];
    private readonly List<RemotePort> _remote = [];
    private readonly List<LearnedNeighbor> _learned = [];
    private readonly List<string> _providers = [];
    private readonly RandomAccessLists _lists;

    private readonly bool _mixesRoutes;

    private RandomWorld(Dice dice, bool mixesRoutes) => (_dice, _lists, _mixesRoutes) = (dice, new RandomAccessLists(dice, _script), mixesRoutes);

    /// <param name="seed">Of the dice.</param>
    /// <param name="mixesRoutes">Whether one prefix may have a route that discards and one with a next hop.</param>
    public static World Make(ulong seed, bool mixesRoutes = true)
    {
        var world = new RandomWorld(new Dice(seed), mixesRoutes);
        return world.Make($"random {seed}");
    }

    private World Make(string name)
    {
        foreach (var vlan in new int?[] { 100, null, 200 }.Take(1 + _dice.Below(3)))
        {
            var provider = vlan is null ? "flat" : $"vlan{vlan}";
            _script.ProviderSwitch(provider, vlan);
            _providers.Add(provider);
            if (_dice.Percent(40))
            {
                _script.Machine(provider, $"{provider}-m", _dice.Percent(50), "172.16.9.9");
                Bind($"{provider}-m");
            }
        }

        var tenants = 1 + _dice.Below(3);
        for (var i = 1; i <= tenants; i++)
        {
            Tenant(i);
        }

        return new World(
            name, _script.ToString(), _local.ToEquatableArray(), _remote.ToEquatableArray(), _learned.ToEquatableArray(),
            [new RemoteChassis("hv1", 11, _dice.Percent(70)), new RemoteChassis("hv2", 12, _dice.Percent(70), IsVxlan: _dice.Percent(50))],
            [.. _lists.Changes]);
    }

    private void Tenant(int number)
    {
        var provider = _dice.Pick(_providers);
        var (network4, network6) = ($"172.16.{number}", $"2001:db8:f{number}:");
        var (edge, inner) = ($"edge{number}", $"inner{number}");
        var edgePort = $"{edge}-{provider}";
        _script.Add($"lr-add {edge}");
        _script.Join(edge, provider, Families($"{network4}.1/24", $"{network6}:1/64"));
        if (_dice.Percent(65))
        {
            inner = edge;
            _script.Add($"lrp-set-gateway-chassis {edgePort} gw1 20");
            if (_dice.Percent(15))
            {
                _script.Add($"lrp-set-gateway-chassis {edgePort} hv1 10");
            }
        }
        else
        {
            _script.Add($"set Logical_Router {edge} options:chassis=gw1");
            _script.Add($"ls-add join{number}");
            _script.Join(edge, $"join{number}", "100.64.0.1/24", "2001:db8:64::1/64");
            _script.Add($"lr-add {inner}");
            _script.Join(inner, $"join{number}", "100.64.0.2/24", "2001:db8:64::2/64");
            _script.Add($"lr-route-add {inner} 0.0.0.0/0 100.64.0.1");
            _script.Add($"lr-route-add {inner} ::/0 2001:db8:64::1");
        }

        var subnets = 1 + _dice.Below(4);
        for (var i = 1; i <= subnets; i++)
        {
            Subnet(inner, number, i);
            if (inner != edge)
            {
                _script.Add($"lr-route-add {edge} 192.168.{i}.0/24 100.64.0.2");
                _script.Add($"lr-route-add {edge} 2001:db8:{i}::/64 2001:db8:64::2");
            }
        }

        Neighbors(edgePort, network4, network6);
        Routes(edge, network4, network6);
        Policies(edge, network4);
        Translation(edge, number, network4);
        if (_dice.Percent(20))
        {
            _script.Add($"set Logical_Router_Port {edgePort} options:gateway_mtu={_dice.OneOf(1400, 1500)}");
        }
    }

    private void Bind(string machine)
    {
        if (_dice.Percent(12))
        {
            Move(machine, _local.Count < LocalLimit ? _dice.OneOf(("hv1", "hv2"), ("gw1", "hv1"), ("hv2", "gw1")) : ("hv1", "hv2"));
        }
        else if (_local.Count < LocalLimit && _dice.Percent(35))
        {
            _local.Add(machine);
        }
        else
        {
            _remote.Add(new RemotePort(machine, _dice.OneOf("hv1", "hv2")));
        }
    }

    // While a machine is being moved its port has two chassis.
    private void Move(string machine, (string Main, string Additional) chassis)
    {
        _script.Add($"lsp-set-options {machine} requested-chassis={chassis.Main},{chassis.Additional}");
        if (chassis.Main == "gw1" || chassis.Additional == "gw1")
        {
            _local.Add(machine);
        }

        _remote.AddRange(new[] { new RemotePort(machine, chassis.Main), new RemotePort(machine, chassis.Additional, IsAdditional: true) }.Where(port => port.Chassis != "gw1"));
    }

    private string[] Families(string v4, string v6) => _dice.Below(8) switch { 0 => [v4], 1 => [v6], _ => [v4, v6] };

    private void Subnet(string router, int tenant, int number)
    {
        var name = $"net{tenant}-{number}";
        _script.Add($"ls-add {name}");
        _script.Join(router, name, Families($"192.168.{number}.1/24", $"2001:db8:{number}::1/64"));
        var machines = new List<string>();
        for (var i = 1; i <= 1 + _dice.Below(3); i++)
        {
            var machine = $"{name}-m{i}";
            string[] addresses = [$"192.168.{number}.{10 + i}", .. _dice.Percent(70) ? [$"2001:db8:{number}::{10 + i}"] : Array.Empty<string>(), .. _dice.Percent(15) ? [$"192.168.{number}.{100 + i}"] : Array.Empty<string>()];
            _script.Machine(name, machine, _dice.Percent(60), addresses);
            if (_dice.Percent(8))
            {
                _script.Add($"lsp-set-addresses {machine} unknown");
            }

            if (_dice.Percent(5))
            {
                _script.Add($"lsp-set-enabled {machine} disabled");
            }

            if (_dice.Percent(92))
            {
                Bind(machine);
            }

            machines.Add(machine);
        }

        if (_dice.Percent(25))
        {
            Vtep(name, number);
            if (_dice.Percent(30))
            {
                _script.Add($"lrp-set-gateway-chassis {router}-{name} gw1 20");
            }
        }

        _lists.Add(name, $"{name}-{router}", machines);
    }

    // On a chassis without VXLAN it sends nothing that OVN takes.
    private void Vtep(string name, int number)
    {
        _script.VtepPort(name, $"{name}-vtep", _dice.OneOf([], new[] { $"192.168.{number}.77", $"2001:db8:{number}::77" }));
        _remote.Add(new RemotePort($"{name}-vtep", "hv2"));
    }

    private void Neighbors(string port, string network4, string network6)
    {
        for (var host = 100; host < 104; host++)
        {
            var mac = new MacAddress(0x02ee_0000_0000UL | (uint)host);
            if (_dice.Percent(80))
            {
                _learned.Add(new LearnedNeighbor(port, $"{network4}.{host}", mac));
            }

            switch (_dice.Below(3))
            {
                case 0:
                    _learned.Add(new LearnedNeighbor(port, $"{network6}:{host}", mac));
                    break;
                case 1:
                    _script.Add($"static-mac-binding-add {port} {network6}:{host} {mac}");
                    break;
                default:
                    break;
            }
        }
    }

    private void Routes(string router, string network4, string network6)
    {
        _script.Add($"--may-exist lr-route-add {router} 0.0.0.0/0 {network4}.100");
        _script.Add($"--may-exist lr-route-add {router} ::/0 {network6}:100");
        var (discarded, routed) = (new HashSet<string>(), new HashSet<string>());
        for (var i = _dice.Below(8); i > 0; i--)
        {
            var length = _dice.OneOf(1, 5, 8, 12, 16, 20, 23, 24, 25, 26, 28, 30, 31, 32);
            var address = new IpAddress((0xcb007100u | (uint)_dice.Below(256)) & (uint)(0xffffffffUL << (32 - length)), IsIpv6: false);
            var hop = _dice.Weighted((60, $"{network4}.{100 + _dice.Below(5)}"), (20, $"192.168.1.{10 + _dice.Below(3)}"), (10, "discard"), (10, $"172.16.{1 + _dice.Below(3)}.1"));
            var options = _dice.Weighted((75, "--may-exist"), (15, "--policy=src-ip --may-exist"), (10, "--ecmp"), (5, "--ecmp-symmetric-reply"));
            var (isDiscard, prefix) = (hop == "discard", $"{address}/{length}");
            (isDiscard ? discarded : routed).Add(prefix);
            if (_mixesRoutes || !(isDiscard ? routed : discarded).Contains(prefix))
            {
                _script.Add($"{(isDiscard ? "--may-exist" : options)} lr-route-add {router} {prefix} {hop}");
            }
        }

        for (var i = _dice.Below(4); i > 0; i--)
        {
            var length = _dice.OneOf(16, 32, 40, 48, 56, 64);
            _script.Add($"--may-exist lr-route-add {router} 2001:db8::/{length} {network6}:{100 + _dice.Below(5)}");
        }
    }

    private void Policies(string router, string network4)
    {
        for (var i = _dice.Below(4); i > 0; i--)
        {
            var match = _dice.OneOf(
                "ip4.src == 192.168.1.0/28", "ip4.dst == 203.0.113.0/25 && udp", "ip6.src == 2001:db8:1::/64", "tcp.dst == 443", "ip4.src == 192.168.2.11 && ip4.dst != 10.0.0.0/8",
                "ip.proto == 47", "ip4.dst == {5.0.0.0/8, 6.0.0.0/8}");
            var action = match.Contains("ip6", StringComparison.Ordinal) ? _dice.OneOf("drop", "allow") : _dice.OneOf("drop", "allow", $"reroute {network4}.{100 + _dice.Below(4)}");
            _script.Add($"--may-exist lr-policy-add {router} {100 + _dice.Below(900)} '{match}' {action}");
        }
    }

    private void Translation(string router, int tenant, string network4)
    {
        if (_dice.Percent(40))
        {
            _script.Add($"lr-nat-add {router} snat {network4}.11 192.168.1.0/{_dice.OneOf(24, 25, 28)}");
        }

        if (_dice.Percent(40))
        {
            _script.Add($"lr-nat-add {router} dnat_and_snat {network4}.12 192.168.2.11");
        }

        if (_dice.Percent(25))
        {
            _script.Add($"lr-nat-add {router} dnat_and_snat {network4}.13 192.168.1.11 net{tenant}-1-m1 {_script.NewMac()}");
        }

        if (_dice.Percent(25))
        {
            _script.Add($"lr-nat-add {router} dnat {network4}.14 192.168.1.11");
        }

        if (_dice.Percent(30))
        {
            var protocol = _dice.OneOf("tcp", "udp", "sctp");
            _script.Add($"lb-add lb{tenant} {network4}.50:80 192.168.1.11:8080,192.168.1.12:8080 {protocol}");
            _script.Add(_dice.Percent(60) ? $"lr-lb-add {router} lb{tenant}" : $"ls-lb-add net{tenant}-1 lb{tenant}");
        }
    }
}
