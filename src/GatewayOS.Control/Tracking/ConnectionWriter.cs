using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Tracking;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>Keeps the entries of connections on the device what they should be.</summary>
/// <remarks>A number goes in after what it leads to, and comes out before it; a configuration changes between the two (invariant I5).</remarks>
public sealed class ConnectionWriter
{
    private const uint LastIndex = (1u << 24) - 1;
    private const int BatchLength = 2000;

    private readonly ConnectionCompiler _compiler;
    private readonly OffloadOptions _options;
    private readonly List<WrittenConnection> _withdrawn = [];
    private readonly List<EntryKey> _fresh = [];
    private readonly Queue<TrackedDirection> _waiting = new();
    private readonly HashSet<TrackedDirection> _unplaced = [];
    private readonly Dictionary<Resource, int> _held = [];
    private readonly Dictionary<EntryKey, WrittenConnection> _written = [];
    private readonly Dictionary<EntryKey, WrittenConnection> _resting = [];
    private readonly Dictionary<TrackPlace, uint> _states = [];
    private readonly Dictionary<string, uint> _inPorts = new(StringComparer.Ordinal);
    private readonly Dictionary<Resource, ushort> _numbers = [];
    private readonly Stack<uint> _free = new();
    private Dictionary<EntryKey, TableEntry>? _found;
    private uint _next = 1;
    private int _room;

    internal ConnectionWriter(ConnectionCompiler compiler, OffloadOptions options) => (_compiler, _options, _room) = (compiler, options, options.DeviceLimit);

    /// <summary>Directions of connections that the device forwards.</summary>
    public int Count => _written.Count - _resting.Count;

    /// <summary>Directions that wait for their turn, or for room.</summary>
    public int Waiting => _waiting.Count + _unplaced.Count;

    /// <summary>Writes that the device refused.</summary>
    public long Failed { get; private set; }

    public bool HasMore => _waiting.Count > 0 && _written.Count < _room;

    /// <summary>Whether an earlier agent left entries that are not judged yet.</summary>
    public bool IsAdopting => _found is { Count: > 0 };

    /// <summary>The direction shall be written.</summary>
    internal void Want(TrackedDirection direction)
    {
        if (direction.IsWaiting || direction.IsWritten || !direction.HasVerdicts)
        {
            return;
        }

        direction.IsWaiting = true;
        _waiting.Enqueue(direction);
        foreach (var resource in direction.Packets.SelectMany(ResourcesOf))
        {
            // It has to be on the device before an entry names it.
            if (_compiler.NumberOf(resource) is null)
            {
                _compiler.Hold(resource);
                _held.TryAdd(resource, 0);
            }
        }
    }

    /// <summary>The direction's entries shall go.</summary>
    internal void Withdraw(TrackedDirection direction)
    {
        foreach (var written in direction.Written)
        {
            _withdrawn.Add(written);
            _written.Remove(written.Number.Key);
            _resting.Remove(written.Number.Key);
        }

        direction.ForgetWritten();
        _unplaced.Remove(direction);
    }

    /// <summary>After a compilation: what stands under numbers that mean something else now goes, and what had no place may have one.</summary>
    internal void WithdrawMoved(IEnumerable<TrackedDirection> directions)
    {
        if (_states.Any(state => _compiler.StateOf(state.Key) != state.Value) || _inPorts.Any(port => _compiler.InPortOf(port.Key) != port.Value)
            || _numbers.Any(number => _compiler.NumberOf(number.Key) != number.Value))
        {
            _states.Clear();
            _inPorts.Clear();
            _numbers.Clear();
            foreach (var direction in directions)
            {
                if (direction.Written.Exists(written => !IsCurrent(written)))
                {
                    Withdraw(direction);
                    Want(direction);
                }
            }
        }

        foreach (var direction in _unplaced.ToList())
        {
            _unplaced.Remove(direction);
            Want(direction);
        }
    }

    /// <summary>The device is another, or another controller may have written it.</summary>
    internal void Forget(IEnumerable<TrackedDirection> directions)
    {
        _found = null;
        _withdrawn.Clear();
        _written.Clear();
        _fresh.Clear();
        _resting.Clear();
        _waiting.Clear();
        _unplaced.Clear();
        _free.Clear();
        (_next, _room) = (1, _options.DeviceLimit);
        foreach (var resource in _held.Keys)
        {
            _compiler.Release(resource);
        }

        _held.Clear();
        foreach (var direction in directions)
        {
            direction.ForgetWritten();
            direction.IsWaiting = false;
            Want(direction);
        }
    }

    /// <summary>Reads what an earlier agent left.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task ReadAsync(IDeviceConnections device, CancellationToken token) =>
        _found = (await device.ReadConnectionsAsync(token)).ToDictionary(entry => entry.Key);

    /// <summary>Takes from the device what is no longer right; before the configuration is written.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task WithdrawAsync(IDeviceConnections device, CancellationToken token)
    {
        if (_found is { } found)
        {
            Adopt(found);
            _found = null;
            await DeleteAsync(device, found.Values.Where(entry => entry.Table != TableNames.ConnectionEdit), token);
            await DeleteAsync(device, found.Values.Where(entry => entry.Table == TableNames.ConnectionEdit), token);
        }

        if (_withdrawn.Count == 0)
        {
            return;
        }

        WrittenConnection[] gone = [.. _withdrawn];
        _withdrawn.Clear();
        await DeleteAsync(device, gone.Select(written => written.Number), token);
        await DeleteAsync(device, gone.SelectMany(written => written.Finishes), token);
        foreach (var written in gone)
        {
            _free.Push(written.Index);
            foreach (var resource in ResourcesOf(written.Packets))
            {
                Release(resource);
            }
        }
    }

    /// <summary>Writes what is new; after the configuration is written.</summary>
    /// <param name="device">The device.</param>
    /// <param name="isThere">Whether the device holds an entry of the configuration.</param>
    /// <param name="prepare">Called for each direction before the device takes its packets; false keeps it in software.</param>
    /// <param name="allowance">How many directions at most.</param>
    /// <param name="token">Ends the wait.</param>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task WriteAsync(
        IDeviceConnections device, Func<EntryKey, bool> isThere, Func<TrackedPackets, Task<bool>> prepare, int allowance, CancellationToken token)
    {
        var fresh = new List<(TrackedDirection Direction, WrittenConnection Written)>();
        while (fresh.Count < allowance && _written.Count < _room && _waiting.TryDequeue(out var direction))
        {
            direction.IsWaiting = false;
            if (direction.Written.Count > 0)
            {
                continue;
            }

            foreach (var packets in direction.Packets)
            {
                if (packets.Verdicts.Count == 0)
                {
                    continue;
                }

                if (await prepare(packets) && Spell(direction, packets, isThere) is { } written)
                {
                    fresh.Add((direction, written));
                    direction.Written.Add(written);
                    _written.Add(written.Number.Key, written);
                    _fresh.Add(written.Number.Key);
                    if (direction.Rests)
                    {
                        Rest(written);
                    }
                }
                else
                {
                    _unplaced.Add(direction);
                }
            }
        }

        var refused = await InsertAsync(device, fresh.SelectMany(pair => pair.Written.Finishes), token);
        refused.UnionWith(await InsertAsync(
            device, fresh.Where(pair => !pair.Written.Finishes.Any(entry => refused.Contains(entry.Key))).Select(pair => pair.Written.Entry), token));
        if (refused.Count == 0)
        {
            return;
        }

        foreach (var (direction, written) in fresh)
        {
            if (refused.Contains(written.Number.Key) || written.Finishes.Any(entry => refused.Contains(entry.Key)))
            {
                Failed++;
                Withdraw(direction);
            }
        }

        // The tables hold less than we thought: the newest wait in software until there is room (invariant I4).
        _room = Math.Max(1, _written.Count);
        foreach (var direction in fresh.Select(pair => pair.Direction).Where(direction => direction.Written.Count == 0))
        {
            Want(direction);
        }
    }

    /// <summary>Entries that were written, or stayed of an earlier agent, since it was last asked.</summary>
    internal IReadOnlyList<EntryKey> TakeFresh()
    {
        EntryKey[] fresh = [.. _fresh];
        _fresh.Clear();
        return fresh;
    }

    internal IReadOnlyCollection<WrittenConnection> Written => _written.Values;

    internal WrittenConnection? Find(EntryKey number) => _written.GetValueOrDefault(number);

    /// <summary>Those that are left to OVS.</summary>
    internal IReadOnlyCollection<WrittenConnection> Resting => _resting.Values;

    /// <summary>Whether there are any; may be asked from anywhere.</summary>
    internal bool IsAnyResting => _resting.Count > 0;

    /// <summary>From now on OVS has the packets of these.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    internal Task RestAsync(IDeviceConnections device, IReadOnlyCollection<WrittenConnection> silent, CancellationToken token)
    {
        foreach (var written in silent)
        {
            written.Direction.Rests = true;
            Rest(written);
        }

        return ModifyAsync(device, silent, token);
    }

    /// <summary>From now on the device has the packets of these again.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    internal Task WakeAsync(IDeviceConnections device, IReadOnlyCollection<WrittenConnection> known, CancellationToken token)
    {
        foreach (var written in known)
        {
            (written.Direction.Rests, written.Known) = (false, written.Rest!.Met);
            (written.Rest, written.IdleSince) = (null, null);
            _resting.Remove(written.Number.Key);
        }

        return ModifyAsync(device, known, token);
    }

    private void Rest(WrittenConnection written)
    {
        written.Rest = new ConnectionRest();
        _resting.Add(written.Number.Key, written);
    }

    private WrittenConnection? Spell(TrackedDirection direction, TrackedPackets packets, Func<EntryKey, bool> isThere)
    {
        if (_compiler.InPortOf(packets.LogicalPort) is not { } inPort)
        {
            return null;
        }

        var index = _free.TryPeek(out var used) ? used : _next;
        var number = ConnectionCompiler.Number(packets, inPort, index, _options.KeepAlive);
        var finishes = Finishes(packets, index, isThere);
        if (finishes.Count == 0 || index > LastIndex || _written.ContainsKey(number.Key))
        {
            return null;
        }

        _ = _free.Count > 0 ? _free.Pop() : _next++;
        _inPorts[packets.LogicalPort] = inPort;
        foreach (var resource in ResourcesOf(packets))
        {
            Take(resource);
        }

        return new WrittenConnection(direction, packets, index, number, finishes) { IdleSince = 0, Known = direction.Known };
    }

    private List<TableEntry> Finishes(TrackedPackets packets, uint index, Func<EntryKey, bool> isThere)
    {
        var finishes = new List<TableEntry>();
        foreach (var verdict in packets.Verdicts)
        {
            if (_compiler.StateOf(verdict.Place) is { } state && Numbers(verdict, isThere) is { } numbers)
            {
                _states[verdict.Place] = state;
                finishes.Add(ConnectionCompiler.Finish(verdict, packets.Tuple.IsIpv6, index, state, numbers));
            }
        }

        return finishes;
    }

    // Null if something that the verdict takes is not on the device.
    private ushort[]? Numbers(TrackedVerdict verdict, Func<EntryKey, bool> isThere)
    {
        var numbers = new List<ushort>();
        foreach (var resource in verdict.Resources)
        {
            if (_compiler.NumberOf(resource) is not { } number || !isThere(ConnectionCompiler.EntryOf(resource, number)))
            {
                return null;
            }

            _numbers[resource] = number;
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static IEnumerable<Resource> ResourcesOf(TrackedPackets packets) => packets.Verdicts.SelectMany(verdict => verdict.Resources);

    private bool IsCurrent(WrittenConnection written)
    {
        if (_compiler.InPortOf(written.Packets.LogicalPort) is not { } inPort
            || !ConnectionCompiler.Number(written.Packets, inPort, written.Index, _options.KeepAlive).Equals(written.Number))
        {
            return false;
        }

        _inPorts[written.Packets.LogicalPort] = inPort;
        return Finishes(written.Packets, written.Index, _ => true).ToHashSet().SetEquals(written.Finishes);
    }

    // What an earlier agent left and this one would write stays, under the number it has.
    private void Adopt(Dictionary<EntryKey, TableEntry> found)
    {
        var finishes = found.Values.Where(entry => entry.Table == TableNames.ConnectionEdit)
            .ToLookup(entry => (uint)((FieldMatch.Exact)entry.Match[0]).Value);
        var taken = new HashSet<uint>();
        foreach (var direction in _waiting)
        {
            foreach (var packets in direction.Packets.Where(packets => packets.Verdicts.Count > 0))
            {
                if (_compiler.InPortOf(packets.LogicalPort) is not { } inPort
                    || found.GetValueOrDefault(ConnectionCompiler.Number(packets, inPort, 1, TimeSpan.Zero).Key) is not { Action: ActionCall call } number)
                {
                    continue;
                }

                var index = (uint)call[ParameterNames.Index];
                direction.Rests |= number.Equals(WrittenConnection.RestOf(number));
                if (!direction.Rests && !taken.Contains(index) && number.IdleTimeout == _options.KeepAlive
                    && Finishes(packets, index, _ => true) is { Count: > 0 } own && own.ToHashSet().SetEquals(finishes[index])
                    && !_written.ContainsKey(number.Key))
                {
                    taken.Add(index);
                    var written = new WrittenConnection(direction, packets, index, number, own);
                    direction.Written.Add(written);
                    _written.Add(number.Key, written);
                    _fresh.Add(number.Key);
                    _inPorts[packets.LogicalPort] = inPort;
                    found.Remove(number.Key);
                    foreach (var entry in own)
                    {
                        found.Remove(entry.Key);
                    }

                    foreach (var resource in ResourcesOf(packets))
                    {
                        Take(resource);
                    }
                }
            }
        }

        // Numbers between those that stay are free.
        _next = taken.Count == 0 ? 1 : taken.Max() + 1;
        for (var index = 1u; index < _next; index++)
        {
            if (!taken.Contains(index))
            {
                _free.Push(index);
            }
        }
    }

    private void Take(Resource resource)
    {
        _held[resource] = _held.GetValueOrDefault(resource) + 1;
        _compiler.Hold(resource);
    }

    private void Release(Resource resource)
    {
        if (_held.GetValueOrDefault(resource) is > 1 and var users)
        {
            _held[resource] = users - 1;
            return;
        }

        _held.Remove(resource);
        _numbers.Remove(resource);
        _compiler.Release(resource);
    }

    private static async Task DeleteAsync(IDeviceConnections device, IEnumerable<TableEntry> entries, CancellationToken token)
    {
        foreach (var part in entries.Chunk(BatchLength))
        {
            var outcomes = await device.WriteAsync([.. part.Select(entry => new EntityUpdate(UpdateKind.Delete, entry))], token);
            foreach (var outcome in outcomes.Where(outcome => outcome.Status is not (WriteStatus.Ok or WriteStatus.NotFound)))
            {
                // What cannot be removed would forward what OVS does not: the session starts over, and reads what there is.
                throw new P4RuntimeException(P4RuntimeFault.CallRefused, "the device", $"it does not remove the entry of a connection: {outcome.Message}");
            }
        }
    }

    private static async Task ModifyAsync(IDeviceConnections device, IEnumerable<WrittenConnection> written, CancellationToken token)
    {
        foreach (var part in written.Select(one => one.Entry).Chunk(BatchLength))
        {
            var outcomes = await device.WriteAsync([.. part.Select(entry => new EntityUpdate(UpdateKind.Modify, entry))], token);
            foreach (var outcome in outcomes.Where(outcome => !outcome.Succeeded))
            {
                throw new P4RuntimeException(P4RuntimeFault.CallRefused, "the device", $"it does not change the entry of a connection: {outcome.Message}");
            }
        }
    }

    private static async Task<HashSet<EntryKey>> InsertAsync(IDeviceConnections device, IEnumerable<TableEntry> entries, CancellationToken token)
    {
        var refused = new HashSet<EntryKey>();
        foreach (var part in entries.Chunk(BatchLength))
        {
            var outcomes = await device.WriteAsync([.. part.Select(entry => new EntityUpdate(UpdateKind.Insert, entry))], token);
            refused.UnionWith(part.Where((_, i) => !outcomes[i].Succeeded).Select(entry => entry.Key));
        }

        return refused;
    }
}
