namespace GatewayOS.Lab.Running;

/// <summary>How the daemons of OVS and OVN are started: with --detach they return when they are ready to serve.</summary>
internal static class DaemonOptions
{
    public static IEnumerable<string> For(string folder, string name) =>
        ["--detach", "--no-chdir", $"--pidfile={folder}/{name}.pid", $"--log-file={folder}/{name}.log", "-vconsole:off"];
}
