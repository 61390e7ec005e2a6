using GatewayOS.Ovn.Rows;

namespace GatewayOS.Reference.Network;

/// <summary>A logical port.</summary>
public sealed class ReferencePort(ReferenceDatapath datapath, PortBinding row)
{
    public ReferenceDatapath Datapath => datapath;

    public PortBinding Row => row;

    public string Name => row.LogicalPort;

    public int Key => row.TunnelKey;

    public string FriendlyName => FriendlyNames.Shorten(row.ExternalIds.Find("name") ?? row.LogicalPort);

    /// <summary>The entries of the port's security that can be read; none: everything is admitted.</summary>
    internal IReadOnlyList<PortSecurityEntry> Security { get; } = [.. row.PortSecurity.Select(PortSecurityEntry.Read).OfType<PortSecurityEntry>()];
}
