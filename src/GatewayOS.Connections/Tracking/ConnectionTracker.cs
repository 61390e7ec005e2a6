using System.Collections.Immutable;
using GatewayOS.Core;

namespace GatewayOS.Connections.Tracking;

/// <summary>Knows the connections that a source told of, by zone and tuple of either direction, and tells what changed.</summary>
/// <remarks>
/// <para>Pure: no clock, no task, no lock. One thread at a time.</para>
/// <para>
/// Invariants: in a zone a tuple belongs to one connection at most; a newer one pushes out the older. Applied one after another, the changes
/// lead from nothing to <see cref="All"/>. There are never more than <see cref="Limit"/> connections: what comes when it is full waits in
/// software, is counted, and is taken in by a later event or dump. After a dump exactly what it listed is known, up to the limit.
/// </para>
/// <para>A connection takes about 150 octets: a record of 128 and two slots of 8 in an index that is between three eighths and three quarters full.</para>
/// </remarks>
public sealed class ConnectionTracker
{
    private readonly ConnectionTable _records;
    private readonly TupleIndex _index;
    private int _dump;
    private bool _dumping;
    private bool _waiting;

    /// <param name="limit">How many connections are known at most.</param>
    public ConnectionTracker(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        Limit = limit;
        _records = new ConnectionTable();
        _index = new TupleIndex(_records);
    }

    public int Limit { get; }

    public int Count => _records.Count;

    /// <summary>How often a connection had to wait because the limit was reached, since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>No connection had to wait since the last dump began: what is not known does not exist, as far as the source told.</summary>
    public bool IsComplete => !_waiting;

    /// <summary>There is room now, and connections that had to wait since the last dump began may exist: another dump would find them.</summary>
    public bool IsDumpWorthwhile => _waiting && Count < Limit;

    /// <summary>All connections, in no order; not to be enumerated while news is applied.</summary>
    public IEnumerable<Connection> All
    {
        get
        {
            for (var number = 0; number < _records.Length; number++)
            {
                if (_records[number].Protocol != TransportProtocol.None)
                {
                    yield return _records[number].ToConnection();
                }
            }
        }
    }

    /// <summary>The connection that a packet with this tuple belongs to, and in which direction it goes.</summary>
    public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple) =>
        _index.Find(zone, tuple) is var (number, direction) ? (_records[number].ToConnection(), direction) : null;

    /// <returns>What is different now, in order; what says nothing new changes nothing.</returns>
    /// <exception cref="InvalidOperationException">A dump is listed or ends that did not begin.</exception>
    public EquatableArray<ConnectionChange> Apply(ConnectionNews news)
    {
        var changes = ImmutableArray.CreateBuilder<ConnectionChange>();
        switch (news)
        {
            case ConnectionNews.DumpBegan:
                (_dump, _dumping, _waiting) = (_dump + 1, true, false);
                break;
            case ConnectionNews.Listed(var entries):
                ThrowUnlessDumping();
                foreach (var entry in entries)
                {
                    See(entry, changes);
                }

                break;
            case ConnectionNews.DumpEnded:
                ThrowUnlessDumping();
                _dumping = false;
                RemoveUnlisted(changes);
                break;
            case ConnectionNews.Changed(var events):
                foreach (var change in events)
                {
                    Apply(change, changes);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(news), news, "No such news.");
        }

        return new(changes.DrainToImmutable());
    }

    private void Apply(ConnectionEvent change, ImmutableArray<ConnectionChange>.Builder changes)
    {
        if (change is ConnectionEvent.Seen(var seen))
        {
            See(seen, changes);
        }
        else if (change is ConnectionEvent.Ended({ Connection: var ended })
            && _index.Find(ended.Zone, ended.Original) is (var number, ConnectionDirection.Original)
            && _records[number].Id == ended.Id)
        {
            // Of another id it was an earlier connection with the same tuple, whose end is old news.
            Remove(number, changes);
        }
    }

    private void See(ConnectionEntry entry, ImmutableArray<ConnectionChange>.Builder changes)
    {
        var connection = entry.Connection;
        if (_index.Find(connection.Zone, connection.Original) is var (known, _))
        {
            var old = _records[known].ToConnection();
            if (old.Id == connection.Id && old.Original == connection.Original && old.Reply == connection.Reply)
            {
                connection = Completed(entry, old);
                _records[known] = ConnectionRecord.From(connection, _dump);
                if (old != connection)
                {
                    changes.Add(new ConnectionChange.Updated(old, connection));
                }

                return;
            }

            Remove(known, changes);
        }

        if (_index.Find(connection.Zone, connection.Reply) is var (other, _))
        {
            Remove(other, changes);
        }

        if (Count == Limit)
        {
            Refused++;
            _waiting = true;
            return;
        }

        var number = _records.Add(ConnectionRecord.From(connection, _dump));
        _index.Add(number);
        changes.Add(new ConnectionChange.Added(_records[number].ToConnection()));
    }

    private static Connection Completed(ConnectionEntry entry, Connection old)
    {
        var connection = entry.Connection;
        connection = entry.Missing.HasFlag(ConnectionParts.Labels) ? connection with { Labels = old.Labels } : connection;
        return entry.Missing.HasFlag(ConnectionParts.ProtocolState) ? connection with { Tcp = old.Tcp, Sctp = old.Sctp } : connection;
    }

    private void RemoveUnlisted(ImmutableArray<ConnectionChange>.Builder changes)
    {
        for (var number = 0; number < _records.Length; number++)
        {
            if (_records[number].Protocol != TransportProtocol.None && _records[number].Dump != _dump)
            {
                Remove(number, changes);
            }
        }
    }

    private void Remove(int number, ImmutableArray<ConnectionChange>.Builder changes)
    {
        changes.Add(new ConnectionChange.Removed(_records[number].ToConnection()));
        _index.Remove(number);
        _records.Free(number);
    }

    private void ThrowUnlessDumping()
    {
        if (!_dumping)
        {
            throw new InvalidOperationException("Connections are listed outside of a dump.");
        }
    }
}
