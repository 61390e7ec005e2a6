using System.Collections.Frozen;
using System.Globalization;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn;

/// <summary>Which conntrack zone ovn-controller gave to what (controller/ct-zone.c, get_zone_ids in controller/physical.c).</summary>
/// <remarks>
/// The keys <c>ct-zone-USER</c> of the integration bridge are the truth; what the southbound database asks for (<c>snat-ct-zone</c>) only becomes so when
/// ovn-controller has written it there. USER is
/// <code>
///   LPORT                          a logical port: ct(zone) of a switch's pipelines, reg13
///   UUID_dnat, UUID_snat           a datapath, up to OVN 23.03: reg11, reg12
///   NAME_dnat, NAME_snat           a datapath by its external_ids:name, from 23.09 on
/// </code>
/// Newer versions rename the keys of older ones, for a moment both are there; the newer goes first. What has no zone uses zone 0, as its register stays 0.
/// </remarks>
public sealed class ConntrackZones
{
    /// <summary>What packets use that pass something without a zone.</summary>
    public const ushort NoZone = 0;

    private const string Prefix = "ct-zone-";
    private const string RequestedSnat = "snat-ct-zone";

    private readonly FrozenDictionary<string, ushort> _zones;

    private ConntrackZones(FrozenDictionary<string, ushort> zones) => _zones = zones;

    public static ConntrackZones Empty { get; } = new(FrozenDictionary<string, ushort>.Empty);

    /// <summary>Zones by user, as in the keys.</summary>
    public IReadOnlyDictionary<string, ushort> Zones => _zones;

    /// <summary>Reads the external ids of the integration bridge; a key without a user or with a value that is no zone is left out, as ovn-controller does.</summary>
    public static ConntrackZones Read(LocalOpenVSwitch local)
    {
        var zones = new Dictionary<string, ushort>(StringComparer.Ordinal);
        foreach (var (key, value) in local.IntegrationBridge?.ExternalIds ?? TextMap.Empty)
        {
            if (key.Length > Prefix.Length && key.StartsWith(Prefix, StringComparison.Ordinal)
                && ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var zone))
            {
                zones[key[Prefix.Length..]] = zone;
            }
        }

        return new ConntrackZones(zones.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public ushort OfPort(string logicalPort) => _zones.GetValueOrDefault(logicalPort, NoZone);

    public ushort Dnat(DatapathBinding datapath) => OfDatapath(datapath, "dnat");

    public ushort Snat(DatapathBinding datapath) => OfDatapath(datapath, "snat");

    /// <summary>The zone that the datapath asks for is not in use yet: ovn-controller is about to move its connections.</summary>
    public bool AwaitsSnat(DatapathBinding datapath) =>
        int.TryParse(datapath.ExternalIds.Find(RequestedSnat), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var requested)
        && requested >= 0 && requested != Snat(datapath);

    /// <summary>Zones that mean something else than before, so that what is known of their connections is worth nothing: given out, given back, or both.</summary>
    public IReadOnlySet<ushort> ChangesSince(ConntrackZones before) => _zones.Except(before._zones).Concat(before._zones.Except(_zones))
        .Select(zone => zone.Value).ToHashSet();

    private ushort OfDatapath(DatapathBinding datapath, string kind) =>
        datapath.Name.Length > 0 && _zones.TryGetValue($"{datapath.Name}_{kind}", out var zone) ? zone
        : _zones.GetValueOrDefault($"{datapath.Uuid:d}_{kind}", NoZone);
}
