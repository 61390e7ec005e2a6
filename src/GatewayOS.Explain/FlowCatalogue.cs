using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Explain;

/// <summary>Describes logical flows by their UUIDs.</summary>
public sealed class FlowCatalogue(Southbound southbound)
{
    public ExplainedFlow Describe(Guid uuid) => southbound.LogicalFlows.Find(uuid) is { } row
        ? new ExplainedFlow(
            uuid, [.. DatapathsOf(row).Select(NameOf)], row.Pipeline, row.TableId, row.ExternalIds.Find("stage-name") ?? "", row.Priority,
            row.Match, row.Actions, row.ExternalIds.Find("stage-hint"), row.ExternalIds.Find("source"))
        : new ExplainedFlow(uuid, [], "", 0, "", 0, "", "", null, null);

    /// <summary>The datapaths that the flow applies to.</summary>
    public EquatableArray<Guid> DatapathsOf(LogicalFlow row) =>
        row.LogicalDatapath is { } one ? [one] : southbound.LogicalDpGroups.Find(row.LogicalDpGroup)?.Datapaths ?? [];

    /// <summary>The datapaths that a user may mean: by name, by OpenStack's name, or by first digits of the row or of its northbound row.</summary>
    public IReadOnlySet<Guid> Datapaths(string name) => southbound.DatapathBindings
        .Where(row => Names(row).Contains(name) || (name.Length >= 4 && Uuids(row).Any(uuid => uuid.StartsWith(name, StringComparison.OrdinalIgnoreCase))))
        .Select(row => row.Uuid).ToHashSet();

    private string NameOf(Guid datapath) => southbound.DatapathBindings.Find(datapath) is { } row
        ? Names(row).LastOrDefault() ?? datapath.ToString()
        : datapath.ToString();

    private static IEnumerable<string> Names(DatapathBinding row) =>
        new[] { row.ExternalIds.Find("name"), row.ExternalIds.Find("name2") }.OfType<string>().Where(name => name.Length > 0);

    private static IEnumerable<string> Uuids(DatapathBinding row) => new[]
    {
        row.Uuid.ToString(), row.NbUuid?.ToString(), row.ExternalIds.Find("logical-switch"), row.ExternalIds.Find("logical-router"),
    }.OfType<string>();
}
