using GatewayOS.Control.Counting;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>A device as the keeper of connections sees it: their entries are no concern of the reconciler.</summary>
public interface IDeviceConnections : ICountedDevice
{
    /// <summary>The entries of the tables of connections.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public Task<IReadOnlyCollection<TableEntry>> ReadConnectionsAsync(CancellationToken token);
}
