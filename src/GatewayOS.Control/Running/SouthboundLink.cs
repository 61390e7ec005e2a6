using GatewayOS.Control.Supervision;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Running;

/// <summary>Follows the southbound database as the local database says, wherever it moves to.</summary>
public sealed partial class SouthboundLink(Signal changed, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<SouthboundLink>();
    private ChassisSouthbound? _client;
    private Task _following = Task.CompletedTask;
    private SouthboundSource? _source;
    private volatile Southbound? _known;

    /// <summary>The last complete snapshot; null before the first.</summary>
    public Southbound? Known => _known;

    public string? Remote => _source?.Remote;

    public ConnectionState? State => _client?.State;

    /// <summary>Goes to another source. The last snapshot stays until there is one from there.</summary>
    public async Task UseAsync(SouthboundSource source)
    {
        if (source == _source)
        {
            return;
        }

        _source = source;
        if (_client is { } old)
        {
            _client = null;
            await old.DisposeAsync();
            await _following;
        }

        if (source.Remote is not { } remote)
        {
            LogNoRemote();
            return;
        }

        try
        {
            var client = new ChassisSouthbound(
                Ovsdb.Remote.ParseList(remote), source.Chassis, source.Everything, source.Options, time, loggers.CreateLogger<OvsdbClient<Southbound>>());
            _client = client;
            _following = FollowAsync(client);
        }
        catch (FormatException failure)
        {
            LogWrongRemote(failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await client.DisposeAsync();
            await _following;
        }
    }

    private async Task FollowAsync(ChassisSouthbound client)
    {
        await foreach (var view in client.ViewsAsync())
        {
            if (view.IsConnected)
            {
                _known = view.Database;
            }

            changed.Set();
        }
    }

    [LoggerMessage(1410, LogLevel.Warning, "The local Open_vSwitch database has no external_ids:ovn-remote; waiting for it")]
    private partial void LogNoRemote();

    [LoggerMessage(1411, LogLevel.Error, "external_ids:ovn-remote of the local Open_vSwitch database: {Message}")]
    private partial void LogWrongRemote(string message);
}
