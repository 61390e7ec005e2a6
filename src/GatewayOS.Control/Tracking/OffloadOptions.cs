namespace GatewayOS.Control.Tracking;

/// <summary>Which connections go to the device, and how fast.</summary>
public sealed record OffloadOptions
{
    /// <summary>False leaves all connections to OVS.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Connections (of one zone each) that are followed at most; the newest beyond wait in software.</summary>
    public int Limit { get; init; } = 1_000_000;

    /// <summary>Directions of connections that the device has at most.</summary>
    public int DeviceLimit { get; init; } = 1_000_000;

    /// <summary>Directions of connections that are written at most, a second.</summary>
    public int Rate { get; init; } = 20_000;

    /// <summary>How often what the device forwarded is looked at, to keep the tracker's entries alive.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The control socket of ovs-vswitchd; null: by its process id, in the folder of the local database's socket.</summary>
    public string? Vswitchd { get; init; }

    /// <summary>A connection has to be looked at twice before its tracker can forget it.</summary>
    /// <exception cref="FormatException">It would be looked at too seldom.</exception>
    public void AssertKeptAlive(TimeSpan shortestTimeout)
    {
        if (2 * KeepAlive > shortestTimeout)
        {
            throw new FormatException(
                $"a tracker forgets connections after {shortestTimeout.TotalSeconds} s, and they are kept alive every {KeepAlive.TotalSeconds} s; set [connections] keep_alive to half of the timeout at most");
        }
    }
}
