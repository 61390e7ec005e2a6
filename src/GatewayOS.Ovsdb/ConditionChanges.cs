using System.Text.Json;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Ovsdb;

/// <summary>Brings a client's monitor to the conditions that are wanted, one monitor_cond_change (ovsdb-server(7) 4.1.13) at a time.</summary>
/// <remarks>
/// <code>
/// wanted --monitor_cond_change--> update: rows that come and go --> reply: they hold
/// </code>
/// While a change is under way nobody can say which conditions the rows meet. Should the session end then, the rows cannot be brought up to
/// date from the last transaction: the next session has to fetch everything.
/// Any task may ask; one task receives.
/// </remarks>
internal sealed class ConditionChanges(MonitorConditions first)
{
    private readonly Lock _lock = new();
    private MonitorConditions _wanted = first;
    private MonitorConditions? _held;
    private (int Id, MonitorConditions Conditions)? _underWay;
    private (Session Session, WriteChange Write)? _open;

    /// <summary>Writes the parameters of a monitor_cond_change.</summary>
    public delegate void WriteChange(Utf8JsonWriter json, MonitorConditions from, MonitorConditions to);

    /// <summary>What the rows meet; null while that is not certain.</summary>
    public MonitorConditions? Held
    {
        get
        {
            lock (_lock)
            {
                return _underWay is null ? _held : null;
            }
        }
    }

    /// <summary>What to ask for in a new session.</summary>
    /// <param name="resumes">Whether the rows that are known are kept: they meet what is held.</param>
    public MonitorConditions First(bool resumes)
    {
        lock (_lock)
        {
            return resumes && _held is { } held ? held : _wanted;
        }
    }

    /// <summary>The session's monitor was made with these conditions.</summary>
    public Task OpenAsync(Session session, MonitorConditions conditions, WriteChange write, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _held = conditions;
            _open = (session, write);
        }

        return SendAsync(cancellationToken);
    }

    /// <summary>Wants other conditions.</summary>
    /// <exception cref="OvsdbException">The session was lost; the next one will have them.</exception>
    public Task RequestAsync(MonitorConditions wanted)
    {
        lock (_lock)
        {
            _wanted = wanted;
        }

        // Not to be cancelled: nobody would know whether the change is under way. It ends with the session at the latest.
        return SendAsync(CancellationToken.None);
    }

    /// <summary>Takes a reply.</summary>
    /// <returns>Whether it was that of a change.</returns>
    /// <exception cref="OvsdbException">The server refuses the change.</exception>
    public async Task<bool> CompleteAsync(Session session, Message reply, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_underWay is not var (id, conditions) || Session.IdOf(reply) != id)
            {
                return false;
            }

            if (reply.Failed)
            {
                throw session.Refused("monitor_cond_change", reply);
            }

            (_held, _underWay) = (conditions, null);
        }

        await SendAsync(cancellationToken);
        return true;
    }

    /// <summary>The session is gone.</summary>
    /// <returns>Whether what is held is still known.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            _open = null;
            if (_underWay is null)
            {
                return true;
            }

            (_held, _underWay) = (null, null);
            return false;
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        (Session Session, WriteChange Write) open;
        MonitorConditions from, to;
        int id;
        lock (_lock)
        {
            if (_open is not { } current || _underWay is not null || _held is not { } held || held.Equals(_wanted))
            {
                return;
            }

            (open, from, to, id) = (current, held, _wanted, current.Session.NextId());
            _underWay = (id, to);
        }

        await open.Session.RequestAsync(id, "monitor_cond_change", json => open.Write(json, from, to), cancellationToken);
    }
}
