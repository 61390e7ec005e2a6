using GatewayOS.Connections;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Which connections to list; null is any.</summary>
/// <param name="Zone">The kernel itself filters from Linux 6.8 on; before, everything is read and filtered here.</param>
/// <param name="Mark">Bits the mark must have under <paramref name="MarkMask"/>.</param>
/// <param name="MarkMask">Which bits of the mark count; 0 none.</param>
public sealed record ConntrackFilter(ushort? Zone = null, uint Mark = 0, uint MarkMask = 0)
{
    public static ConntrackFilter All { get; } = new();

    public bool Includes(Connection connection) =>
        (Zone is null || connection.Zone == Zone) && (connection.Mark & MarkMask) == (Mark & MarkMask);
}
