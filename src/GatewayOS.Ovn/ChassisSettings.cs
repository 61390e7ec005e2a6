using System.Globalization;
using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn;

/// <summary>The settings of this chassis, read as ovn-controller(8) reads them, so that there is no second place to configure.</summary>
/// <remarks>
/// A key may be suffixed with <c>-SYSTEM_ID</c>: it then wins over the plain key, for several controllers on one switch.
/// Two settings are equal when the keys they were read from are.
/// </remarks>
/// <param name="ExternalIds">The external ids of the Open_vSwitch row.</param>
public sealed record ChassisSettings(TextMap ExternalIds)
{
    /// <summary>The chassis' name in the southbound database, or null if it is not set.</summary>
    public string? SystemId => ExternalIds.Find("system-id");

    public string? Hostname => Find("hostname");

    /// <summary>Remotes of the southbound database, separated by commas, for <see cref="Ovsdb.Remote.ParseList"/>; null if not set.</summary>
    public string? Remote => Find("ovn-remote");

    /// <summary>How long a silent southbound server is waited for; null if not set, zero for ever.</summary>
    public TimeSpan? RemoteProbeInterval =>
        int.TryParse(Find("ovn-remote-probe-interval"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>geneve, vxlan: the tunnel types offered to other chassis.</summary>
    public EquatableArray<string> EncapTypes => [.. List("ovn-encap-type").Order(StringComparer.Ordinal)];

    /// <summary>Our tunnel endpoints. The index is OVN's encap id: sorted, but the default one first.</summary>
    public EquatableArray<string> EncapIps
    {
        get
        {
            var addresses = List("ovn-encap-ip").Order(StringComparer.Ordinal).ToArray();
            var standard = Array.IndexOf(addresses, Find("ovn-encap-ip-default"));
            if (standard > 0)
            {
                (addresses[0], addresses[standard]) = (addresses[standard], addresses[0]);
            }

            return EquatableArray.Create<string>(addresses);
        }
    }

    /// <summary>Whether tunnel packets carry a UDP checksum.</summary>
    public bool EncapCsum => !IsFalse("ovn-encap-csum");

    /// <summary>The TOS of tunnel packets: a number, <c>inherit</c>, or null for 0.</summary>
    public string? EncapTos => Find("ovn-encap-tos");

    /// <summary>Whether tunnel interfaces are bound to the local address (their options:local_ip).</summary>
    public bool SetLocalIp => IsTrue("ovn-set-local-ip");

    public string IntegrationBridge => Find("ovn-bridge") ?? "br-int";

    /// <summary>Physical network to bridge. What follows a malformed pair is ignored, as ovn-controller does.</summary>
    public IReadOnlyDictionary<string, string> BridgeMappings
    {
        get
        {
            var mappings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in (Find("ovn-bridge-mappings") ?? "").Split(','))
            {
                var colon = pair.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0 || colon == pair.Length - 1)
                {
                    break;
                }

                mappings.TryAdd(pair[..colon], pair[(colon + 1)..]);
            }

            return mappings;
        }
    }

    /// <summary>Physical network to the MAC that stands in for router MACs on it (distributed routing on VLAN networks).</summary>
    public IReadOnlyDictionary<string, string> MacMappings
    {
        get
        {
            var mappings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in List("ovn-chassis-mac-mappings"))
            {
                var colon = pair.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                {
                    mappings.TryAdd(pair[..colon], pair[(colon + 1)..]);
                }
            }

            return mappings;
        }
    }

    /// <summary>Whether everything in the southbound database is to be fetched, and not just what this chassis can see.</summary>
    public bool MonitorAll => IsTrue("ovn-monitor-all");

    public EquatableArray<string> CmsOptions => [.. List("ovn-cms-options")];

    public EquatableArray<string> TransportZones => [.. List("ovn-transport-zones")];

    public bool IsInterconnection => IsTrue("ovn-is-interconn");

    /// <summary>A setting as it is written, the one of this chassis before the general one.</summary>
    public string? Find(string key) =>
        (SystemId is { } id ? ExternalIds.Find($"{key}-{id}") : null) ?? ExternalIds.Find(key);

    private string[] List(string key) =>
        (Find(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // OVS's smap_get_bool: only the text that says the opposite of the default counts.
    private bool IsTrue(string key) => string.Equals(Find(key), "true", StringComparison.OrdinalIgnoreCase);

    private bool IsFalse(string key) => string.Equals(Find(key), "false", StringComparison.OrdinalIgnoreCase);
}
