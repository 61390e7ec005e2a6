using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>What an operator does while connections live.</summary>
/// <param name="Name">In words.</param>
/// <param name="Apply">Commands of ovn-nbctl(8), one after the other: it does not let an address be taken and given in one.</param>
/// <param name="Undo">Those that undo it.</param>
internal sealed record Change(string Name, string Apply, string Undo)
{
    private const char Separator = ';';

    public static IReadOnlyList<Change> All { get; } = [.. new[] { ('a', 1), ('b', 2) }.SelectMany(tenant => Of(tenant.Item1, tenant.Item2))];

    /// <summary>Runs commands of a change, and waits until every chassis has followed.</summary>
    public static async Task RunAsync(LabNetwork lab, string commands, CancellationToken token)
    {
        foreach (var command in commands.Split(Separator))
        {
            await lab.NorthboundAsync(command, token);
        }
    }

    private static IEnumerable<Change> Of(char tenant, int number)
    {
        var (guarded, router) = ($"{tenant}_guarded", $"router-{tenant}");
        yield return Acl("an ACL that drops TCP to guarded machines", guarded, "to-lport", $"outport == @{guarded} && tcp", "drop");
        yield return Acl("an ACL that drops UDP from guarded machines", guarded, "from-lport", $"inport == @{guarded} && udp", "drop");
        yield return Acl("an ACL that rejects from guarded machines", guarded, "from-lport", $"inport == @{guarded} && (tcp || icmp)", "reject");
        yield return Acl("an ACL that allows the other port too", guarded, "to-lport", $"outport == @{guarded} && tcp.dst == 7001", "allow-related");
        yield return new(
            "no ACL that allows what guarded machines open", $"acl-del {guarded} from-lport 1002 'inport == @{guarded} && ip'",
            $"acl-add {guarded} from-lport 1002 'inport == @{guarded} && ip' allow-related");
        foreach (var isIpv6 in new[] { false, true })
        {
            string Public(int address) => isIpv6 ? $"2001:db8:f::{number}{address}" : $"172.16.0.{number}{address}";
            string Private(int machine) => isIpv6 ? $"fd00:10::{machine}" : $"10.0.0.{machine}";
            var (inside, vip) = (isIpv6 ? "fd00:10::/64" : "10.0.0.0/24", isIpv6 ? $"[{Public(4)}]:7000" : $"{Public(4)}:7000");
            string Server(int machine) => isIpv6 ? $"[{Private(machine)}]:7000" : $"{Private(machine)}:7000";
            string Balanced(string protocol, params int[] machines) => $"--may-exist lb-add vip-{tenant}-{protocol} {vip} {string.Join(',', machines.Select(Server))} {protocol}";
            yield return new(
                "a floating IP is gone", $"lr-nat-del {router} dnat_and_snat {Public(2)}", $"lr-nat-add {router} dnat_and_snat {Public(2)} {Private(4)}");
            yield return new(
                "a floating IP is another machine's", $"lr-nat-del {router} dnat_and_snat {Public(2)}; lr-nat-add {router} dnat_and_snat {Public(2)} {Private(7)}",
                $"lr-nat-del {router} dnat_and_snat {Public(2)}; lr-nat-add {router} dnat_and_snat {Public(2)} {Private(4)}");
            yield return new(
                "a distributed floating IP is gone", $"lr-nat-del {router} dnat_and_snat {Public(3)}",
                $"lr-nat-add {router} dnat_and_snat {Public(3)} {Private(6)} {tenant}6 02:bb:00:00:{number:x2}:06");
            yield return new(
                "SNAT goes by another address", $"lr-nat-del {router} snat {inside}; lr-nat-add {router} snat {Public(9)} {inside}",
                $"lr-nat-del {router} snat {inside}; lr-nat-add {router} snat {Public(1)} {inside}");
            yield return new(
                "a load balancer has one server only", $"{Balanced("tcp", 3)} -- {Balanced("udp", 7)}", $"{Balanced("tcp", 3, 7)} -- {Balanced("udp", 3, 7)}");
        }
    }

    private static Change Acl(string name, string group, string direction, string match, string verdict) =>
        new(name, $"acl-add {group} {direction} 1500 '{match}' {verdict}", $"acl-del {group} {direction} 1500 '{match}'");
}
