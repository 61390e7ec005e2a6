using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>What happens to the network while connections live.</summary>
/// <param name="Kind">ACL, SNAT, migration ...</param>
/// <param name="Name">In words.</param>
/// <param name="Concerns">The connections that may fare otherwise.</param>
/// <param name="Apply">Does it.</param>
/// <param name="Undo">Undoes it.</param>
internal sealed record Change(
    string Kind, string Name, Func<Talk, bool> Concerns, Func<LabNetwork, CancellationToken, Task> Apply, Func<LabNetwork, CancellationToken, Task> Undo)
{
    private const string Migration = "migration";

    // What is not here has a machine that is routed only, or one whose floating IP is where it runs: only one hypervisor is joined to the provider network.
    private const string Movable = "34578";

    public static IReadOnlyList<Change> All { get; } =
        [.. new[] { ('a', 1), ('b', 2) }.SelectMany(tenant => Of(tenant.Item1, tenant.Item2)), AnotherServer, .. DemoNetwork.Topology.Machines.Where(machine => Movable.Contains(machine.Name[^1], StringComparison.Ordinal)).Select(Move)];

    public static IReadOnlyList<string> Kinds { get; } = [.. All.Select(change => change.Kind).Distinct()];

    /// <summary>How the undoing of a kind is called.</summary>
    public static string Undone(string kind) => kind == Migration ? "migration back" : $"{kind} undone";

    private static Change AnotherServer => new(
        Route.Hairpin, "a machine is no longer its own load balancer's server", talk => talk.Route.Name == Route.Hairpin,
        Northbound($"{OwnBalancer("tcp", 3)}; {OwnBalancer("udp", 3)}"), Northbound($"{OwnBalancer("tcp", 7)}; {OwnBalancer("udp", 7)}"));

    /// <summary>The load balancer that b7 talks to itself by.</summary>
    public static string OwnBalancer(string protocol, int server) => string.Join(
        " -- ", $"--may-exist lb-add own-{protocol} 10.96.0.20:7000 10.0.0.{server}:7000 {protocol}", $"--may-exist lb-add own-{protocol} [fd00:96::20]:7000 [fd00:10::{server}]:7000 {protocol}");

    private static Change Move(Machine machine)
    {
        var (home, away) = machine.Chassis == "hv1" ? ("hv1", "hv2") : ("hv2", "hv1");
        return new(
            Migration, $"{machine.Name} moves to {away}", talk => talk.Route.Client == machine.Name || talk.ServerNode == machine.Name,
            (lab, token) => lab.MoveAsync(machine.Name, home, away, token), (lab, token) => lab.MoveAsync(machine.Name, away, home, token));
    }

    private static IEnumerable<Change> Of(char tenant, int number)
    {
        var (guarded, router) = ($"{tenant}_guarded", $"router-{tenant}");
        Change Ordered(string kind, string name, Func<Talk, bool> concerns, string apply, string undo) =>
            new(kind, name, talk => talk.Route.Tenant == tenant && talk.Route.Name == kind && concerns(talk), Northbound(apply), Northbound(undo));
        Change Rule(string name, string direction, string match, string verdict, Func<Talk, bool> concerns) => Ordered(
            Route.StatefulAcl, name, concerns, $"acl-add {guarded} {direction} 1500 '{match}' {verdict}", $"acl-del {guarded} {direction} 1500 '{match}'");

        yield return Rule("an ACL that drops TCP to guarded machines", "to-lport", $"outport == @{guarded} && tcp", "drop", talk => talk.Protocol == Packet.Tcp);
        yield return Rule("an ACL that drops UDP from guarded machines", "from-lport", $"inport == @{guarded} && udp", "drop", talk => talk.Protocol == Packet.Udp);
        yield return Rule("an ACL that rejects from guarded machines", "from-lport", $"inport == @{guarded} && (tcp || icmp)", "reject", talk => talk.Protocol is Packet.Tcp or Packet.Icmp);
        yield return Rule("an ACL that allows the other port too", "to-lport", $"outport == @{guarded} && tcp.dst == 7001", "allow-related", talk => talk.Protocol == Packet.Tcp);
        yield return Ordered(
            Route.StatefulAcl, "no ACL that allows what guarded machines open", talk => talk.Route.Client != DemoNetwork.Topology.External.Name, $"acl-del {guarded} from-lport 1002 'inport == @{guarded} && ip'",
            $"acl-add {guarded} from-lport 1002 'inport == @{guarded} && ip' allow-related");
        foreach (var isIpv6 in new[] { false, true })
        {
            string Public(int address) => isIpv6 ? $"2001:db8:f::{number}{address}" : $"172.16.0.{number}{address}";
            string Private(int machine) => isIpv6 ? $"fd00:10::{machine}" : $"10.0.0.{machine}";
            var (inside, vip) = (isIpv6 ? "fd00:10::/64" : "10.0.0.0/24", isIpv6 ? $"[{Public(4)}]:7000" : $"{Public(4)}:7000");
            string Server(int machine) => isIpv6 ? $"[{Private(machine)}]:7000" : $"{Private(machine)}:7000";
            string Balanced(string protocol, params int[] machines) => $"--may-exist lb-add vip-{tenant}-{protocol} {vip} {string.Join(',', machines.Select(Server))} {protocol}";
            Change Nat(string kind, string name, string apply, string undo) => Ordered(kind, name, talk => talk.Route.IsIpv6 == isIpv6, apply, undo);
            yield return Nat(
                Route.FloatingIp, "a floating IP is gone", $"lr-nat-del {router} dnat_and_snat {Public(2)}", $"lr-nat-add {router} dnat_and_snat {Public(2)} {Private(4)}");
            yield return Nat(
                Route.FloatingIp, "a floating IP is another machine's", $"lr-nat-del {router} dnat_and_snat {Public(2)}; lr-nat-add {router} dnat_and_snat {Public(2)} {Private(7)}",
                $"lr-nat-del {router} dnat_and_snat {Public(2)}; lr-nat-add {router} dnat_and_snat {Public(2)} {Private(4)}");
            yield return Nat(
                Route.DistributedFloatingIp, "a distributed floating IP is gone", $"lr-nat-del {router} dnat_and_snat {Public(3)}",
                $"lr-nat-add {router} dnat_and_snat {Public(3)} {Private(6)} {tenant}6 02:bb:00:00:{number:x2}:06");
            yield return Nat(
                Route.Snat, "SNAT goes by another address", $"lr-nat-del {router} snat {inside}; lr-nat-add {router} snat {Public(9)} {inside}",
                $"lr-nat-del {router} snat {inside}; lr-nat-add {router} snat {Public(1)} {inside}");
            yield return Nat(
                Route.LoadBalancer, "a load balancer has one server only", $"{Balanced("tcp", 3)} -- {Balanced("udp", 7)}", $"{Balanced("tcp", 3, 7)} -- {Balanced("udp", 3, 7)}");
        }
    }

    // One after the other: ovn-nbctl(8) does not let an address be taken and given in one.
    private static Func<LabNetwork, CancellationToken, Task> Northbound(string commands) => async (lab, token) =>
    {
        foreach (var command in commands.Split(';'))
        {
            await lab.NorthboundAsync(command, token);
        }
    };
}
