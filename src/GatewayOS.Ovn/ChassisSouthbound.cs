using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GatewayOS.Ovsdb;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Ovn;

/// <summary>Follows what one chassis needs of the southbound database.</summary>
/// <remarks>
/// When a datapath becomes local, its flows are asked for then, and are not there yet: a snapshot of that moment would look as if the datapath
/// dropped everything. Such snapshots are kept back until all rows have arrived, as ovn-controller waits for its expected_cond_seqno.
/// </remarks>
public sealed class ChassisSouthbound : IAsyncDisposable
{
    private readonly ChassisConditions? _conditions;
    private readonly OvsdbClient<Southbound> _client;

    /// <param name="remotes">Where the southbound database is served.</param>
    /// <param name="chassisName">The system-id; null while the chassis has none, which then needs no datapath.</param>
    /// <param name="everything">Whether to fetch all rows (<c>ovn-monitor-all</c>).</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    /// <param name="time">The clock of probes, pauses and timeouts.</param>
    /// <param name="logger">Told when the state changes.</param>
    public ChassisSouthbound(
        ImmutableArray<Remote> remotes,
        string? chassisName,
        bool everything,
        ConnectionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        _conditions = everything ? null : new(chassisName);
        _client = Southbound.Connect(remotes, options, time, logger, WantedFor(Southbound.Empty));
    }

    /// <summary>How the client stands with the servers now.</summary>
    public ConnectionState State => _client.View.State;

    /// <summary>Complete snapshots while connected; otherwise views that tell the state and whose snapshot is not to be used.</summary>
    /// <remarks>One task enumerates; rows are asked for as it does.</remarks>
    public async IAsyncEnumerable<DatabaseView<Southbound>> ViewsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var view in _client.ViewsAsync(cancellationToken))
        {
            var wanted = WantedFor(view.Database);
            if (view.IsConnected && !wanted.Equals(view.Conditions))
            {
                await _client.SetConditionsAsync(wanted);
            }
            else
            {
                yield return view;
            }
        }
    }

    /// <summary>The first complete snapshot.</summary>
    /// <exception cref="OvsdbException">All remotes failed once; the message says why.</exception>
    public async Task<Southbound> LoadAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var view in ViewsAsync(cancellationToken))
        {
            switch (view.State)
            {
                case ConnectionState.Connected:
                    return view.Database;
                case ConnectionState.Disconnected(var reason):
                    throw new OvsdbException(reason);
            }
        }

        throw new ObjectDisposedException(nameof(ChassisSouthbound));
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private MonitorConditions WantedFor(Southbound database) => _conditions?.For(database) ?? MonitorConditions.None;
}
