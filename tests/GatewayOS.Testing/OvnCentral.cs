namespace GatewayOS.Testing;

/// <summary>OVN's two databases and a real ovn-northd between them, all as Debian installs them.</summary>
public sealed class OvnCentral : IDisposable
{
    private const string NorthboundSchema = "/usr/share/ovn/ovn-nb.ovsschema", SouthboundSchema = "/usr/share/ovn/ovn-sb.ovsschema";

    private readonly OvsdbServer _northbound = OvsdbServer.Start(File.ReadAllText(NorthboundSchema));
    private readonly OvsdbServer _southbound = OvsdbServer.Start(File.ReadAllText(SouthboundSchema));
    private readonly PeerPrograms _programs;

    public OvnCentral()
    {
        _programs = new("", _southbound.Folder);
        Northbound("init");
        Southbound("init");
        _programs.Run("ovn-northd", $"--ovnnb-db={_northbound.Remote}", $"--ovnsb-db={_southbound.Remote}");
    }

    public static bool IsInstalled =>
        OvsdbServer.IsInstalled && File.Exists(NorthboundSchema) && File.Exists(SouthboundSchema)
        && PeerPrograms.Exist("", "ovn-northd", "ovn-nbctl", "ovn-sbctl");

    /// <summary>The remote of the southbound database.</summary>
    public string Remote => _southbound.Remote;

    /// <summary>Executes one line of commands of ovn-nbctl(8), and waits until the southbound database has what follows from them.</summary>
    public string Northbound(string commands) => _programs.Execute(
        "ovn-nbctl", [$"--db={_northbound.Remote}", "--timeout=30", commands == "init" ? "--wait=none" : "--wait=sb", .. commands.Split(' ')]);

    /// <summary>Executes one line of commands of ovn-sbctl(8).</summary>
    public string Southbound(string commands) => _programs.Execute("ovn-sbctl", [$"--db={_southbound.Remote}", "--timeout=30", .. commands.Split(' ')]);

    public void Dispose()
    {
        _programs.Dispose();
        _northbound.Dispose();
        _southbound.Dispose();
    }
}
