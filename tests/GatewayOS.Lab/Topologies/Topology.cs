using System.Net;
using GatewayOS.Core;

namespace GatewayOS.Lab.Topologies;

/// <summary>A network to bring up: machines, where they are, and what OVN is told. Plain values; <see cref="Running.LabNetwork"/> makes it real.</summary>
/// <param name="Chassis">The machines that run OVS and ovn-controller.</param>
/// <param name="Machines">Virtual machines, each bound to the logical port of its name.</param>
/// <param name="External">The host outside of OVN.</param>
/// <param name="Northbound">
/// Commands for ovn-nbctl(8), one a line, run as one transaction; words are split at blanks, <c>'...'</c> keeps one together.
/// Empty lines and lines that start with # say nothing.
/// </param>
public sealed record Topology(EquatableArray<Chassis> Chassis, EquatableArray<Machine> Machines, ExternalHost External, string Northbound)
{
    public const string PhysicalNetwork = "physnet1";

    public Chassis Gateway => Chassis.Single(chassis => chassis.IsGateway);

    /// <summary>The same with a device on the gateway chassis only: the hypervisors are stock ones.</summary>
    public Topology WithStockHypervisors => this with { Chassis = [.. Chassis.Select(chassis => chassis with { HasDevice = chassis.IsGateway })] };

    public IReadOnlyList<Machine> MachinesOn(Chassis chassis) => [.. Machines.Where(machine => machine.Chassis == chassis.Name)];
}

/// <param name="Name">Also the name of its logical switch port.</param>
/// <param name="Chassis">Name of the chassis it runs on.</param>
/// <param name="Mac">Its Ethernet address, as the northbound commands have it.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses.</param>
/// <param name="Gateways">Its default routers, one a family.</param>
public sealed record Machine(string Name, string Chassis, MacAddress Mac, EquatableArray<HostAddress> Addresses, EquatableArray<IPAddress> Gateways);

/// <summary>A host on a VLAN of the provider network, with routes into the virtual networks.</summary>
public sealed record ExternalHost(
    string Name, MacAddress Mac, ushort Vlan, EquatableArray<HostAddress> Addresses, EquatableArray<StaticRoute> Routes);

public sealed record StaticRoute(IPNetwork Destination, IPAddress Via);

/// <summary>An address of a host, with the size of the network it is in.</summary>
public sealed record HostAddress(IPAddress Address, int PrefixLength)
{
    public static HostAddress Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new HostAddress(IPAddress.Parse(text[..slash]), int.Parse(text[(slash + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{Address}/{PrefixLength}";
}
