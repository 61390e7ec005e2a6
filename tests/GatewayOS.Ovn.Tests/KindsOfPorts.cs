using GatewayOS.Testing;

namespace GatewayOS.Ovn.Tests;

/// <summary>A network with every kind of port that has a say in which datapaths are local to gw1; hv1 is another chassis.</summary>
internal static class KindsOfPorts
{
    /// <summary>The logical ports that have an interface on gw1.</summary>
    public static string[] Interfaces { get; } = ["vif", "parent", "moving", "local", "chain-vif"];

    /// <summary>The datapaths that are local to gw1.</summary>
    public static SortedSet<string> Local { get; } = new(StringComparer.Ordinal)
    {
        "ls-vif", "ls-parent", "ls-child", "ls-moving", "ls-l2", "ls-external", "ls-chain", "lr-chain", "ls-chain-end",
        "lr-gateway", "ls-join", "lr-distributed", "ls-inside", "ls-public",
    };

    /// <summary>What is local too in versions up to 25.03.0, which go from a provider switch to every router on it.</summary>
    public static SortedSet<string> LocalOnceMore { get; } = new([.. Local, "lr-elsewhere", "ls-elsewhere"], StringComparer.Ordinal);

    public static void Build(OvnCentral central)
    {
        central.Southbound("chassis-add hv1 geneve 192.0.2.2");
        foreach (var line in Lines)
        {
            central.Northbound(line);
        }

        foreach (var (port, group) in new[] { ("external", "both"), ("external-there", "there") })
        {
            var uuid = central.Northbound($"--bare --columns=_uuid find HA_Chassis_Group name={group}").Trim();
            central.Northbound($"set Logical_Switch_Port {port} ha_chassis_group={uuid}");
        }

        central.Southbound("lsp-bind there hv1");
        central.Southbound("lsp-bind inside-there hv1");
        central.Southbound("lsp-bind elsewhere-there hv1");
    }

    private static readonly string[] Lines =
    [
        "ls-add ls-vif -- lsp-add ls-vif vif",
        "ls-add ls-there -- lsp-add ls-there there",

        // A nested container, on another switch than the machine it runs in.
        "ls-add ls-parent -- lsp-add ls-parent parent -- ls-add ls-child -- lsp-add ls-child child parent 5",

        // Migrating to gw1.
        "ls-add ls-moving -- lsp-add ls-moving moving -- set Logical_Switch_Port moving options:requested-chassis=hv1,gw1",

        // Neither of these makes its switch local, not even with an interface here.
        "ls-add ls-localport -- lsp-add ls-localport local -- lsp-set-type local localport",
        "ls-add ls-localnet -- lsp-add ls-localnet net -- lsp-set-type net localnet -- lsp-set-addresses net unknown -- lsp-set-options net network_name=other",
        "ls-add ls-vtep -- lsp-add ls-vtep vtep -- lsp-set-type vtep vtep -- lsp-set-options vtep vtep-physical-switch=p vtep-logical-switch=l",
        "ls-add ls-virtual -- lsp-add ls-virtual virtual -- lsp-set-type virtual virtual -- lsp-set-options virtual virtual-ip=10.9.0.9 virtual-parents=there",

        "ls-add ls-l2 -- lsp-add ls-l2 l2 -- lsp-set-type l2 l2gateway -- lsp-set-options l2 network_name=phys l2gateway-chassis=gw1",
        "ls-add ls-l2-there -- lsp-add ls-l2-there l2-there -- lsp-set-type l2-there l2gateway -- lsp-set-options l2-there network_name=phys l2gateway-chassis=hv1",

        "ha-chassis-group-add both -- ha-chassis-group-add-chassis both hv1 20 -- ha-chassis-group-add-chassis both gw1 10",
        "ha-chassis-group-add there -- ha-chassis-group-add-chassis there hv1 20",
        "ls-add ls-external -- lsp-add ls-external external -- lsp-set-type external external",
        "ls-add ls-external-there -- lsp-add ls-external-there external-there -- lsp-set-type external-there external",

        "ls-add ls-chain -- lsp-add ls-chain chain-vif -- lr-add lr-chain -- ls-add ls-chain-end",
        Link("lr-chain", "ls-chain", "02:00:00:00:01:01", "10.1.0.1/24"),
        Link("lr-chain", "ls-chain-end", "02:00:00:00:01:02", "10.2.0.1/24"),

        // Two gateway routers on one switch.
        "ls-add ls-join -- lr-add lr-gateway -- set Logical_Router lr-gateway options:chassis=gw1 -- lr-add lr-gateway-there -- set Logical_Router lr-gateway-there options:chassis=hv1",
        Link("lr-gateway", "ls-join", "02:00:00:00:02:01", "10.3.0.1/24"),
        Link("lr-gateway-there", "ls-join", "02:00:00:00:02:02", "10.3.0.2/24"),

        // Two distributed gateway ports on one provider switch: gw1 may be the gateway of the first.
        "ls-add ls-public -- lsp-add ls-public public-net -- lsp-set-type public-net localnet -- lsp-set-addresses public-net unknown -- lsp-set-options public-net network_name=phys",
        "lr-add lr-distributed -- ls-add ls-inside -- lsp-add ls-inside inside-there",
        Link("lr-distributed", "ls-inside", "02:00:00:00:03:01", "10.4.0.1/24"),
        Link("lr-distributed", "ls-public", "02:00:00:00:03:02", "203.0.113.1/24"),
        "lrp-set-gateway-chassis lr-distributed-ls-public hv1 20 -- lrp-set-gateway-chassis lr-distributed-ls-public gw1 10",
        "lr-add lr-elsewhere -- ls-add ls-elsewhere -- lsp-add ls-elsewhere elsewhere-there",
        Link("lr-elsewhere", "ls-elsewhere", "02:00:00:00:04:01", "10.5.0.1/24"),
        Link("lr-elsewhere", "ls-public", "02:00:00:00:04:02", "203.0.113.2/24"),
        "lrp-set-gateway-chassis lr-elsewhere-ls-public hv1 20",
    ];

    private static string Link(string router, string network, string mac, string address) =>
        $"lrp-add {router} {router}-{network} {mac} {address} -- lsp-add {network} {network}-{router} -- lsp-set-type {network}-{router} router"
        + $" -- lsp-set-addresses {network}-{router} router -- lsp-set-options {network}-{router} router-port={router}-{network}";
}
