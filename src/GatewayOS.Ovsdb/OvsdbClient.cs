using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Ovsdb.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayOS.Ovsdb;

/// <summary>Follows one database on the first server that will have us, for as long as it lives.</summary>
/// <remarks>
/// One background task owns the connection and replaces <see cref="View"/>, once per transaction. Consumers take snapshots at their own
/// pace; what they do not take in time is merged into the next one they take, so nothing queues up.
/// When a server is lost the last snapshot stays, the loss is reported once, and the remotes are tried in turn.
/// </remarks>
public sealed partial class OvsdbClient<TDatabase> : IAsyncDisposable
{
    private readonly ImmutableArray<Remote> _remotes;
    private readonly DatabaseModel<TDatabase> _model;
    private readonly ConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Replica<TDatabase> _replica;
    private readonly ConditionChanges _conditions;
    private readonly ClusterProgress _progress = new();
    private readonly Latest<DatabaseView<TDatabase>> _view;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private volatile Transactor? _transactor;

    /// <summary>Starts to follow the database.</summary>
    /// <param name="remotes">Where it is served, tried in turn; at least one.</param>
    /// <param name="model">What to follow.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="time">The clock of probes, pauses and timeouts.</param>
    /// <param name="logger">Told when the state changes.</param>
    /// <param name="conditions">Which rows to fetch; null for all.</param>
    public OvsdbClient(
        ImmutableArray<Remote> remotes,
        DatabaseModel<TDatabase> model,
        ConnectionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null,
        MonitorConditions? conditions = null)
    {
        if (remotes.IsDefaultOrEmpty)
        {
            throw new ArgumentException("There is no remote.", nameof(remotes));
        }

        (_remotes, _model) = (remotes, model);
        _options = options ?? new();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _replica = new(model);
        _conditions = new(conditions ?? MonitorConditions.None);
        _view = new(new(model.Empty, new ConnectionState.Connecting(), Guid.Empty, null));
        _running = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>What is known now.</summary>
    public DatabaseView<TDatabase> View => _view.Value;

    /// <summary>What is known now, then each time it changed since the last one taken. Ends when the client is disposed.</summary>
    public async IAsyncEnumerable<DatabaseView<TDatabase>> ViewsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var view in _view.FollowAsync(cancellationToken))
        {
            yield return view;
        }

        // Should the background task ever fail, its consumers learn of it here.
        await _running;
    }

    /// <summary>The first view, beginning with the present one, that meets the condition.</summary>
    /// <exception cref="ObjectDisposedException">The client was disposed before.</exception>
    public async Task<DatabaseView<TDatabase>> WaitForAsync(
        Func<DatabaseView<TDatabase>, bool> condition, CancellationToken cancellationToken = default)
    {
        await foreach (var view in ViewsAsync(cancellationToken))
        {
            if (condition(view))
            {
                return view;
            }
        }

        throw new ObjectDisposedException(nameof(OvsdbClient<>));
    }

    /// <summary>The first complete snapshot.</summary>
    /// <exception cref="OvsdbException">All remotes failed once; the message says why.</exception>
    public async Task<TDatabase> LoadAsync(CancellationToken cancellationToken = default)
    {
        var view = await WaitForAsync(view => view.State is not ConnectionState.Connecting, cancellationToken);
        return view.State is ConnectionState.Disconnected(var reason) ? throw new OvsdbException(reason) : view.Database;
    }

    /// <summary>Executes operations as one transaction (RFC 7047 section 4.1.3).</summary>
    /// <remarks>What a committed transaction changed is in <see cref="View"/> when this returns.</remarks>
    /// <exception cref="OvsdbException">There is no connection, or it was lost before the outcome was known.</exception>
    public async Task<TransactionResult> TransactAsync(
        IReadOnlyList<Operation> operations, CancellationToken cancellationToken = default)
    {
        var transactor = _transactor ?? throw new OvsdbException(
            $"no transaction on {_model.Database}: {(View.State as ConnectionState.Disconnected)?.Reason ?? "not connected yet"}");
        return await transactor.ExecuteAsync(operations, cancellationToken);
    }

    /// <summary>Fetches other rows from now on. The first view with these conditions has all their rows, and no others.</summary>
    public async Task SetConditionsAsync(MonitorConditions conditions)
    {
        try
        {
            await _conditions.RequestAsync(conditions);
        }
        catch (OvsdbException)
        {
            // The session is lost, which its receiver reports; the next session asks for these conditions.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var backOff = new BackOff(_options);
        var failures = new List<string>();
        try
        {
            for (var next = 0; ; next = (next + 1) % _remotes.Length)
            {
                var connected = false;
                var started = _time.GetTimestamp();
                try
                {
                    await FollowAsync(_remotes[next], () => connected = true, stopping);
                }
                catch (OvsdbException failure)
                {
                    failures.Add(failure.Message);
                }

                if (connected)
                {
                    failures.RemoveRange(0, failures.Count - 1);
                    ReportLoss(failures[0]);
                }

                var lasted = connected && _time.GetElapsedTime(started) >= _options.MinimumBackOff;
                if (lasted)
                {
                    backOff.Reset();
                    failures.Clear();
                }
                else if (failures.Count >= _remotes.Length)
                {
                    ReportLoss(string.Join("; ", failures));
                    failures.Clear();
                    await Task.Delay(backOff.Next(), _time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped(_model.Database);
        }
        finally
        {
            _view.Complete();
        }
    }

    // Never returns: throws when the connection or the server's fitness ends.
    private async Task FollowAsync(Remote remote, Action connected, CancellationToken stopping)
    {
        await using var session = await Session.ConnectAsync(remote, _options, _time, stopping);
        var transactor = new Transactor(session, _model.Database);
        var server = new ServerWatch(_model.Database, _options.LeaderOnly, _progress);
        try
        {
            await server.StartAsync(session, stopping);
            var conditions = _conditions.First(resumes: _replica.Transaction != Guid.Empty);
            await _replica.StartAsync(session, conditions, message => server.Receive(session, message), stopping);
            await _conditions.OpenAsync(session, conditions, _replica.WriteChange, stopping);
            _transactor = transactor;
            connected();
            Publish(new ConnectionState.Connected(remote));
            LogConnected(_model.Database, remote);
            while (true)
            {
                var message = await session.ReceiveAsync(stopping);
                if (_replica.TryApply(message))
                {
                    Publish(View.State);
                }
                else if (!message.IsReply)
                {
                    server.Receive(session, message);
                }
                else if (await _conditions.CompleteAsync(session, message, stopping))
                {
                    Publish(View.State);
                }
                else
                {
                    transactor.Complete(message);
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            // The decoder's ways of saying that a message is not what it should be. What was applied before it is whole
            // transactions, but what is missing now is unknown.
            _replica.Forget();
            throw session.Malformed(failure);
        }
        finally
        {
            _transactor = null;
            transactor.Lose();
            if (!_conditions.Close())
            {
                _replica.Forget();
            }
        }
    }

    private void Publish(ConnectionState state) => _view.Publish(new(_replica.Database, state, _replica.Transaction, _conditions.Held));

    private void ReportLoss(string reason)
    {
        if (View.State is not ConnectionState.Disconnected(var known))
        {
            LogDisconnected(_model.Database, reason);
        }
        else if (!string.Equals(known, reason, StringComparison.Ordinal))
        {
            LogStillDisconnected(_model.Database, reason);
        }
        else
        {
            return;
        }

        Publish(new ConnectionState.Disconnected(reason));
    }

    [LoggerMessage(1000, LogLevel.Information, "Following {Database} on {Remote}")]
    private partial void LogConnected(string database, Remote remote);

    [LoggerMessage(1001, LogLevel.Warning, "Not following {Database}, keeping what is known: {Reason}")]
    private partial void LogDisconnected(string database, string reason);

    [LoggerMessage(1003, LogLevel.Debug, "Still not following {Database}: {Reason}")]
    private partial void LogStillDisconnected(string database, string reason);

    [LoggerMessage(1002, LogLevel.Debug, "No longer following {Database}")]
    private partial void LogStopped(string database);
}
