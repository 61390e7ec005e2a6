using System.Globalization;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;
using GatewayOS.Connections.Tracking;
using GatewayOS.Control.Counting;
using GatewayOS.Ovn;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>Decides which connections the device has, and keeps their entries what they should be.</summary>
/// <remarks>
/// <code>
///   news --> tracker --> what asked for it: dirty --> evaluated --> withdrawn (before the configuration is written) | written (after it)
///   compiled anew --> what it concerns: dirty --+
/// </code>
/// An entry is there only while the evaluation of now gives it, in the state and with the output it names (invariants I2, I5). One caller at a time.
/// </remarks>
/// <param name="compiler">Evaluates.</param>
/// <param name="options">Limits.</param>
public sealed class ConnectionKeeper(ConnectionCompiler compiler, ConnectionOptions options) : IConntrack
{
    /// <summary>Evaluated at most in one round, so that a flood of connections does not hold up the configuration.</summary>
    private const int RoundLimit = 2000;

    private const uint LastIndex = (1u << 24) - 1;

    private readonly ConnectionTracker _tracker = new(options.Limit);
    private readonly Dictionary<ConntrackQuestion, TrackedDirection> _directions = [];
    private readonly Dictionary<ConntrackQuestion, HashSet<TrackedDirection>> _askers = [];
    private readonly HashSet<ConntrackQuestion> _dirty = [];
    private readonly Queue<ConntrackQuestion> _order = new();
    private readonly List<WrittenConnection> _withdrawn = [];
    private readonly Queue<TrackedDirection> _waiting = new();
    private readonly Dictionary<OutputTarget, int> _outputs = [];
    private readonly HashSet<(string Port, ConnectionTuple Tuple)> _owned = [];
    private readonly Stack<uint> _free = new();
    private Dictionary<EntryKey, TableEntry>? _found;
    private uint _next = 1;
    private int _written;
    private long _failed;

    /// <inheritdoc/>
    public ConntrackZones Zones { get; private set; } = ConntrackZones.Empty;

    /// <summary>Whether all connections have been listed once.</summary>
    public bool IsListed { get; private set; }

    /// <summary>Whether there is more to do than one round did.</summary>
    public bool HasMore => _order.Count > 0 || _waiting.Count > 0;

    public ConnectionCounts Counts => new(_tracker.Count, _tracker.Refused, _written, _waiting.Count, _failed);

    /// <inheritdoc/>
    public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple) => _tracker.Find(zone, tuple);

    /// <summary>Takes in what a source tells.</summary>
    public void Apply(ConnectionNews news)
    {
        IsListed |= news is ConnectionNews.DumpEnded;
        foreach (var change in _tracker.Apply(news))
        {
            switch (change)
            {
                case ConnectionChange.Added(var connection):
                    Touch(connection);
                    break;
                case ConnectionChange.Removed(var connection):
                    Touch(connection);
                    break;
                case ConnectionChange.Updated(_, var connection):
                    Touch(connection);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Goes to what is compiled now, and to the zones of now: what is concerned is evaluated again.</summary>
    public void Follow(ConntrackZones zones)
    {
        var changes = compiler.TakeChanges();
        var sameZones = zones.ChangesSince(Zones).Count == 0;
        Zones = zones;
        foreach (var direction in _directions.Values)
        {
            if (changes is null || !sameZones || (HasChanges(changes) && (direction.Packets.Count == 0
                || direction.Packets.Any(packets => packets.Verdicts.Count == 0 || packets.Dependencies.Touches(changes)))))
            {
                Mark(direction.Question);
            }
        }
    }

    private static bool HasChanges(NetworkChanges changes) => changes.Inputs.Count + changes.Tables.Count > 0;

    /// <summary>Evaluates what is dirty. What has to go is to be withdrawn next, outputs that are needed are held.</summary>
    /// <param name="isRenumbered">Whether states or outputs may have other numbers than before.</param>
    public void Evaluate(bool isRenumbered)
    {
        for (var i = 0; _order.TryPeek(out var question) && (i < RoundLimit || isRenumbered); i++)
        {
            _order.Dequeue();
            _dirty.Remove(question);
            Evaluate(question);
        }

        if (isRenumbered)
        {
            foreach (var direction in _directions.Values)
            {
                if (direction.Written.Any(written => !IsCurrent(written)))
                {
                    Withdraw(direction);
                }

                Wait(direction);
            }
        }
    }

    /// <summary>Reads what an earlier agent left.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task ReadAsync(IDeviceConnections device, CancellationToken token)
    {
        _found = (await device.ReadConnectionsAsync(token)).ToDictionary(entry => entry.Key);
        _withdrawn.Clear();
        (_written, _next) = (0, 1);
        _free.Clear();
        _waiting.Clear();
        _owned.Clear();
        foreach (var direction in _directions.Values)
        {
            direction.Written.Clear();
            direction.IsWaiting = false;
            Wait(direction);
        }
    }

    /// <summary>Takes from the device what is no longer right; before the configuration is written.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task WithdrawAsync(IDeviceConnections device, CancellationToken token)
    {
        if (_found is { } found)
        {
            Adopt(found);
            _found = null;
            await DeleteAsync(device, [.. found.Values.Where(entry => entry.Table != TableNames.ConnectionEdit)], token);
            await DeleteAsync(device, [.. found.Values.Where(entry => entry.Table == TableNames.ConnectionEdit)], token);
        }

        if (_withdrawn.Count == 0)
        {
            return;
        }

        WrittenConnection[] gone = [.. _withdrawn];
        _withdrawn.Clear();
        await DeleteAsync(device, [.. gone.Select(written => written.Number)], token);
        await DeleteAsync(device, [.. gone.SelectMany(written => written.Finishes)], token);
        foreach (var written in gone)
        {
            _free.Push(written.Index);
            foreach (var verdict in written.Packets.Verdicts)
            {
                Release(verdict.Output);
            }
        }
    }

    /// <summary>Writes what is new; after the configuration is written.</summary>
    /// <param name="device">The device.</param>
    /// <param name="isThere">Whether the device holds an entry of the configuration.</param>
    /// <param name="prepare">Called for each connection before its packets go to the device.</param>
    /// <param name="allowance">How many directions at most.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>How many directions were written.</returns>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task<int> WriteAsync(
        IDeviceConnections device, Func<EntryKey, bool> isThere, Func<Connection, Task> prepare, int allowance, CancellationToken token)
    {
        var fresh = new List<(TrackedDirection Direction, WrittenConnection Written)>();
        for (var left = _waiting.Count; left > 0 && fresh.Count < allowance && _waiting.TryDequeue(out var direction); left--)
        {
            direction.IsWaiting = false;
            if (!_directions.TryGetValue(direction.Question, out var known) || !ReferenceEquals(known, direction) || direction.Written.Count > 0)
            {
                continue;
            }

            foreach (var packets in direction.Packets)
            {
                if (!_owned.Contains((packets.LogicalPort, packets.Tuple)) && Spell(packets, isThere) is { } written)
                {
                    _owned.Add((packets.LogicalPort, packets.Tuple));
                    fresh.Add((direction, written));
                    direction.Written.Add(written);
                    foreach (var question in packets.Questions)
                    {
                        if (_tracker.Find(question.Zone, question.Tuple) is var (connection, _))
                        {
                            await prepare(connection);
                        }
                    }
                }
            }
        }

        var refused = await InsertAsync(device, [.. fresh.SelectMany(pair => pair.Written.Finishes)], token);
        refused.UnionWith(await InsertAsync(
            device, [.. fresh.Where(pair => !pair.Written.Finishes.Any(entry => refused.Contains(entry.Key))).Select(pair => pair.Written.Number)], token));
        foreach (var (direction, written) in fresh)
        {
            _written++;
            if (refused.Count > 0 && (refused.Contains(written.Number.Key) || written.Finishes.Any(entry => refused.Contains(entry.Key))))
            {
                _failed++;
                Withdraw(direction);
            }
        }

        return fresh.Count;
    }

    /// <summary>The connections whose packets the device has forwarded since the last call, in all zones that they pass.</summary>
    public async Task<IReadOnlyList<Connection>> ActiveAsync(IDeviceConnections device, CancellationToken token)
    {
        var byKey = new Dictionary<EntryKey, WrittenConnection>();
        foreach (var written in _directions.Values.SelectMany(direction => direction.Written))
        {
            byKey[written.Number.Key] = written;
        }

        var active = new Dictionary<(ushort, ConnectionTuple), Connection>();
        foreach (var (key, value) in byKey.Count == 0 ? new Dictionary<EntryKey, CounterValue>() : await device.ReadCountersAsync([.. byKey.Keys], token))
        {
            if (value.Packets == byKey[key].Seen)
            {
                continue;
            }

            byKey[key].Seen = value.Packets;
            foreach (var question in byKey[key].Packets.Questions)
            {
                if (_tracker.Find(question.Zone, question.Tuple) is var (connection, _))
                {
                    active[(question.Zone, connection.Original)] = connection;
                }
            }
        }

        return [.. active.Values];
    }

    /// <summary>Every direction of every connection whose packets may come in, as it is now.</summary>
    public IEnumerable<ConnectionStatusReport> Report(IReadOnlyDictionary<EntryKey, CounterValue> counters)
    {
        foreach (var direction in _directions.Values)
        {
            if (direction.Packets.Count == 0)
            {
                yield return new ConnectionStatusReport(
                    direction.Question.Zone, direction.Question.Tuple.ToString(), null, Offloaded: false, null, null, null, direction.Obstacle, "");
            }

            foreach (var packets in direction.Packets)
            {
                var written = direction.Written.Find(one => one.Packets.LogicalPort == packets.LogicalPort);
                var count = written is null ? null : counters.TryGetValue(written.Number.Key, out var value) ? value : (CounterValue?)null;
                yield return new ConnectionStatusReport(
                    direction.Question.Zone, packets.Tuple.ToString(), packets.LogicalPort, written is not null, written?.Index, count?.Packets, count?.Octets,
                    written is not null ? null : packets.Obstacle ?? direction.Obstacle ?? (packets.Verdicts.Count == 0 ? "no way through is known" : "waits for its turn"),
                    packets.Verdicts.Select(verdict => Text(verdict.Rewrite, packets.Tuple.IsIpv6)).FirstOrDefault() ?? "");
            }
        }
    }

    private static string Text(ConnectionRewrite rewrite, bool isIpv6)
    {
        var parts = new List<string>();
        if (rewrite.Src is { } source)
        {
            parts.Add($"src {new Core.IpAddress(source, isIpv6)}");
        }

        if (rewrite.Dst is { } destination)
        {
            parts.Add($"dst {new Core.IpAddress(destination, isIpv6)}");
        }

        if (rewrite.L4Src is { } from)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"from port {from}"));
        }

        if (rewrite.L4Dst is { } to)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"to port {to}"));
        }

        return string.Join(", ", parts);
    }

    private void Touch(Connection connection)
    {
        foreach (var tuple in (ConnectionTuple[])[connection.Original, connection.Reply])
        {
            var question = new ConntrackQuestion(connection.Zone, tuple);
            Mark(question);
            foreach (var asker in _askers.GetValueOrDefault(question) ?? [])
            {
                Mark(asker.Question);
            }
        }
    }

    private void Mark(ConntrackQuestion question)
    {
        if (_dirty.Add(question))
        {
            _order.Enqueue(question);
        }
    }

    private void Evaluate(ConntrackQuestion question)
    {
        var direction = _directions.GetValueOrDefault(question);
        if (_tracker.Find(question.Zone, question.Tuple) is not var (connection, _))
        {
            if (direction is not null)
            {
                Withdraw(direction);
                Ask(direction, []);
                _directions.Remove(question);
            }

            return;
        }

        if (direction is null)
        {
            _directions.Add(question, direction = new TrackedDirection(question));
        }

        var obstacle = OffloadObstacles.Of(connection);
        var packets = obstacle == OffloadObstacle.None ? compiler.Evaluate(question, this) : [];
        direction.Obstacle = obstacle == OffloadObstacle.None ? null : obstacle.ToString();
        if (direction.Written.Count > 0 && !direction.Written.Select(written => written.Packets).SequenceEqual(packets.Where(one => one.Verdicts.Count > 0), SameVerdicts.Instance))
        {
            Withdraw(direction);
        }

        Ask(direction, packets);
        direction.Packets = [.. packets];
        Wait(direction);
    }

    // Remembers who asked what, for when the answer changes.
    private void Ask(TrackedDirection direction, IReadOnlyCollection<TrackedPackets> now)
    {
        var (before, after) = (
            direction.Packets.SelectMany(packets => packets.Questions).ToHashSet(), now.SelectMany(packets => packets.Questions).ToHashSet());
        foreach (var gone in before.Except(after))
        {
            if (_askers.TryGetValue(gone, out var askers) && askers.Remove(direction) && askers.Count == 0)
            {
                _askers.Remove(gone);
            }
        }

        foreach (var fresh in after.Except(before))
        {
            if (!_askers.TryGetValue(fresh, out var askers))
            {
                _askers.Add(fresh, askers = []);
            }

            askers.Add(direction);
        }
    }

    private void Wait(TrackedDirection direction)
    {
        if (direction.Written.Count > 0 || direction.IsWaiting || !direction.Packets.Any(packets => packets.Verdicts.Count > 0))
        {
            return;
        }

        direction.IsWaiting = true;
        _waiting.Enqueue(direction);
        foreach (var verdict in direction.Packets.SelectMany(packets => packets.Verdicts))
        {
            if (compiler.OutputOf(verdict.Output) is null)
            {
                compiler.Hold(verdict.Output);
            }
        }
    }

    private void Withdraw(TrackedDirection direction)
    {
        foreach (var written in direction.Written)
        {
            _withdrawn.Add(written);
            _owned.Remove((written.Packets.LogicalPort, written.Packets.Tuple));
            _written--;
        }

        direction.Written.Clear();
    }

    private WrittenConnection? Spell(TrackedPackets packets, Func<EntryKey, bool> isThere)
    {
        if (packets.Verdicts.Count == 0 || compiler.InPortOf(packets.LogicalPort) is not { } inPort)
        {
            return null;
        }

        var index = _free.TryPop(out var used) ? used : _next;
        var finishes = Finishes(packets, index, isThere);
        if (finishes.Count == 0 || index > LastIndex)
        {
            if (index != _next)
            {
                _free.Push(index);
            }

            return null;
        }

        _next += index == _next ? 1u : 0;
        foreach (var verdict in packets.Verdicts)
        {
            Take(verdict.Output);
        }

        return new WrittenConnection(packets, index, ConnectionCompiler.Number(packets, inPort, index, TimeSpan.Zero), finishes);
    }

    private List<TableEntry> Finishes(TrackedPackets packets, uint index, Func<EntryKey, bool> isThere)
    {
        var finishes = new List<TableEntry>();
        foreach (var verdict in packets.Verdicts)
        {
            if (compiler.StateOf(verdict.Place) is { } state && compiler.OutputOf(verdict.Output) is { } output
                && isThere(new EntryKey(TableNames.Output, [new FieldMatch.Exact(KeyNames.Out, output)], 0)))
            {
                finishes.Add(ConnectionCompiler.Finish(verdict, packets.Tuple.IsIpv6, index, state, output));
            }
        }

        return finishes;
    }

    private bool IsCurrent(WrittenConnection written) =>
        compiler.InPortOf(written.Packets.LogicalPort) is { } inPort
        && ConnectionCompiler.Number(written.Packets, inPort, written.Index, TimeSpan.Zero).Equals(written.Number)
        && Finishes(written.Packets, written.Index, _ => true) is var now && written.Finishes.All(entry => now.Contains(entry));

    // What an earlier agent left and this one would write stays, under the number it has.
    private void Adopt(Dictionary<EntryKey, TableEntry> found)
    {
        var finishes = found.Values.Where(entry => entry.Table == TableNames.ConnectionEdit)
            .ToLookup(entry => (uint)((FieldMatch.Exact)entry.Match[0]).Value);
        var taken = new HashSet<uint>();
        foreach (var direction in _waiting.ToList())
        {
            foreach (var packets in direction.Packets.Where(packets => packets.Verdicts.Count > 0))
            {
                if (compiler.InPortOf(packets.LogicalPort) is { } inPort
                    && found.GetValueOrDefault(ConnectionCompiler.Number(packets, inPort, 1, TimeSpan.Zero).Key) is { Action: ActionCall call } number
                    && (uint)call[ParameterNames.Index] is var index && !taken.Contains(index)
                    && Finishes(packets, index, _ => true) is { Count: > 0 } own && own.ToHashSet().SetEquals(finishes[index])
                    && _owned.Add((packets.LogicalPort, packets.Tuple)))
                {
                    taken.Add(index);
                    _next = Math.Max(_next, index + 1);
                    direction.Written.Add(new WrittenConnection(packets, index, number, own));
                    _written++;
                    found.Remove(number.Key);
                    foreach (var entry in own)
                    {
                        found.Remove(entry.Key);
                    }

                    foreach (var verdict in packets.Verdicts)
                    {
                        Take(verdict.Output);
                    }
                }
            }
        }

        // Numbers between those that stay are free.
        for (var index = 1u; index < _next; index++)
        {
            if (!taken.Contains(index))
            {
                _free.Push(index);
            }
        }
    }

    private void Take(OutputTarget output)
    {
        _outputs[output] = _outputs.GetValueOrDefault(output) + 1;
        compiler.Hold(output);
    }

    private void Release(OutputTarget output)
    {
        if (_outputs.GetValueOrDefault(output) is > 1 and var users)
        {
            _outputs[output] = users - 1;
            return;
        }

        _outputs.Remove(output);
        compiler.Release(output);
    }

    private static async Task DeleteAsync(IDeviceConnections device, IReadOnlyList<TableEntry> entries, CancellationToken token)
    {
        foreach (var part in entries.Chunk(BatchLength))
        {
            await device.WriteAsync([.. part.Select(entry => new EntityUpdate(UpdateKind.Delete, entry))], token);
        }
    }

    private static async Task<HashSet<EntryKey>> InsertAsync(IDeviceConnections device, IReadOnlyList<TableEntry> entries, CancellationToken token)
    {
        var refused = new HashSet<EntryKey>();
        foreach (var part in entries.Chunk(BatchLength))
        {
            var outcomes = await device.WriteAsync([.. part.Select(entry => new EntityUpdate(UpdateKind.Insert, entry))], token);
            refused.UnionWith(part.Where((_, i) => !outcomes[i].Succeeded).Select(entry => entry.Key));
        }

        return refused;
    }

    private const int BatchLength = 2000;
}
