using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reconciling;

/// <summary>A P4 device that this agent may write: the end of the flow of data.</summary>
public interface IDevice
{
    /// <summary>All entries of all tables.</summary>
    /// <exception cref="P4RuntimeException">The device is gone, or another controller has it.</exception>
    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token);

    /// <summary>Executes the updates in any order, each for itself.</summary>
    /// <returns>One outcome for each update.</returns>
    /// <exception cref="P4RuntimeException">The device is gone, or another controller has it; what was executed is unknown.</exception>
    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token);
}
