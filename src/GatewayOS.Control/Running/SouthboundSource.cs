using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Control.Running;

/// <summary>Where the southbound database is, who asks, and how: all that the local database says of it.</summary>
/// <param name="Remote">external_ids:ovn-remote; null while it is not set.</param>
/// <param name="Chassis">The system-id.</param>
/// <param name="Everything">external_ids:ovn-monitor-all.</param>
/// <param name="Tls">For ssl: remotes.</param>
/// <param name="ProbeInterval">external_ids:ovn-remote-probe-interval.</param>
public sealed record SouthboundSource(string? Remote, string? Chassis, bool Everything, TlsFiles? Tls, TimeSpan? ProbeInterval)
{
    // A shorter one would take a busy server for dead; ovn-controller has the same minimum.
    private static readonly TimeSpan s_shortestProbe = TimeSpan.FromSeconds(1);

    /// <param name="local">The local database. Its SSL table (ovs-vsctl set-ssl) comes before the files we were given, as in ovn-controller.</param>
    /// <param name="tls">The files we were given.</param>
    public static SouthboundSource Of(LocalOpenVSwitch local, TlsFiles? tls)
    {
        var settings = local.Settings;
        return new(settings.Remote, settings.SystemId, settings.MonitorAll, local.TlsFiles ?? tls, settings.RemoteProbeInterval);
    }

    public ConnectionOptions Options => new()
    {
        Tls = Tls,
        ProbeInterval = ProbeInterval is { } interval && interval > TimeSpan.Zero && interval < s_shortestProbe ? s_shortestProbe : ProbeInterval,
    };
}
