using System.Globalization;
using GatewayOS.Testing;

namespace GatewayOS.Benchmarks.Changes;

/// <summary>A real northbound database behind one gateway chassis, of as many tenants as wanted; each is alike, and has nothing to do with the others.</summary>
/// <remarks>
/// <code>
///   gw1 --- VLAN 100 --- pub0 --- lr0 --- ls0 --- 40 VMs on hv1..hv4, a floating IP, SNAT, ACLs
///       +-- VLAN 101 --- pub1 --- lr1 --- ls1 --- ...
/// </code>
/// Routers that share a network are not unrelated: ovn-northd tells each of them of every floating IP of the others.
/// </remarks>
internal sealed class GrowingCloud : IDisposable
{
    public const string Chassis = "gw1";

    private const int PortsOfTenant = 40, Hypervisors = 4;

    private readonly OvnCentral _central = new();
    private readonly bool _isShared;
    private int _tenants;

    /// <param name="isShared">Whether all routers are on pub0.</param>
    public GrowingCloud(bool isShared)
    {
        _isShared = isShared;
        foreach (var (chassis, index) in Enumerable.Range(1, Hypervisors).Select(i => $"hv{Text(i)}").Prepend(Chassis).Select((name, i) => (name, i)))
        {
            _central.Southbound($"chassis-add {chassis} geneve 172.31.0.{Text(index + 1)}");
            // Without these northd takes the chassis for an old one and writes flows for it.
            _central.Southbound($"set Chassis {chassis} other_config:ct-no-masked-label=true other_config:mac-binding-timestamp=true other_config:ovn-ct-lb-related=true");
        }
    }

    public string Remote => _central.Remote;

    /// <summary>VMs of all tenants, none of them on the gateway.</summary>
    public int Ports => _tenants * PortsOfTenant;

    /// <summary>Adds tenants until there are so many.</summary>
    public void GrowTo(int tenants)
    {
        // ovn-sbctl(8) fetches the whole database before it does anything, so a command is for several.
        const int AtOnce = 8;
        for (; _tenants < tenants; _tenants = Math.Min(tenants, _tenants + AtOnce))
        {
            var added = Enumerable.Range(_tenants, Math.Min(AtOnce, tenants - _tenants)).ToList();
            _central.Northbound(string.Join(" -- ", added.Select(Tenant)));
            _central.Southbound(string.Join(" -- ", added.SelectMany(Bindings)));
        }
    }

    /// <summary>Executes one line of commands of ovn-nbctl(8); the southbound database has what follows from them.</summary>
    public void Change(string commands) => _central.Northbound(commands);

    /// <summary>As the hypervisor that gets the VM does.</summary>
    public void Bind(string port, int index) => _central.Southbound($"lsp-bind {port} hv{Text(1 + (index % Hypervisors))}");

    public void Dispose() => _central.Dispose();

    private string Tenant(int tenant)
    {
        var n = Text(tenant);
        var pub = _isShared ? "pub0" : $"pub{n}";
        var network = _isShared && tenant > 0 ? ""
            : $"ls-add {pub} -- lsp-add {pub} ln{n} -- set Logical_Switch_Port ln{n} tag_request={Text(100 + tenant)} type=localnet options:network_name=physnet1 addresses=unknown -- ";
        var (lr, ls, public4) = ($"lr{n}", $"ls{n}", $"172.16.{Text(tenant / 100)}.{Text(10 + (tenant % 100 * 2))}");
        return network
            + $"lr-add {lr} -- lrp-add {lr} {lr}-in 00:00:00:01:{Mac(tenant)} 10.0.0.1/24 -- lrp-add {lr} {lr}-out 00:00:00:02:{Mac(tenant)} {public4}/16"
            + $" -- lrp-set-gateway-chassis {lr}-out {Chassis} -- lr-route-add {lr} 0.0.0.0/0 172.16.255.254"
            + $" -- lsp-add {pub} pub-{lr} -- lsp-set-type pub-{lr} router -- lsp-set-addresses pub-{lr} router -- lsp-set-options pub-{lr} router-port={lr}-out"
            + $" -- ls-add {ls} -- lsp-add {ls} {ls}-{lr} -- lsp-set-type {ls}-{lr} router -- lsp-set-addresses {ls}-{lr} router -- lsp-set-options {ls}-{lr} router-port={lr}-in"
            + $" -- lr-nat-add {lr} snat {public4} 10.0.0.0/24 -- pg-add pg{n} -- acl-add pg{n} to-lport 1000 outport==@pg{n}&&tcp.dst==22 allow-stateless"
            + string.Concat(Enumerable.Range(0, PortsOfTenant).Select(i => AddPort(tenant, i)))
            + $" -- pg-set-ports pg{n} {string.Join(' ', Enumerable.Range(0, PortsOfTenant).Select(i => $"vm{n}-{Text(i)}"))}";
    }

    private static IEnumerable<string> Bindings(int tenant) =>
        Enumerable.Range(0, PortsOfTenant).Select(i => $"lsp-bind vm{Text(tenant)}-{Text(i)} hv{Text(1 + (i % Hypervisors))}").Append($"lsp-bind cr-lr{Text(tenant)}-out {Chassis}");

    /// <summary>The commands for a VM of a tenant.</summary>
    /// <remarks>Spaces part the words of commands, so the one in the addresses is written as JSON has it.</remarks>
    public static string AddPort(int tenant, int index) =>
        $" -- lsp-add ls{Text(tenant)} vm{Text(tenant)}-{Text(index)} -- set Logical_Switch_Port vm{Text(tenant)}-{Text(index)} addresses=\"02:00:{Mac(tenant)}:{Mac(index)}\\u002010.0.0.{Text(index + 10)}\"";

    private static string Mac(int number) => string.Create(CultureInfo.InvariantCulture, $"{number / 256:x2}:{number % 256:x2}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
