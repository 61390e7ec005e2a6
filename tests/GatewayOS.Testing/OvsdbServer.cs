using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GatewayOS.Testing;

/// <summary>A real ovsdb-server of our own, in a folder of its own; the process and the folder go away with it.</summary>
public sealed class OvsdbServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovsdb");
    private readonly List<string> _arguments = [];
    private Process? _process;

    /// <summary>Whether this machine has ovsdb-server and ovsdb-tool (Debian: openvswitch-common).</summary>
    public static bool IsInstalled => Find("ovsdb-server") is not null && Find("ovsdb-tool") is not null;

    public string Folder => _folder.FullName;

    public string SocketPath => Path.Combine(Folder, "db.sock");

    /// <summary>The remote of the Unix socket.</summary>
    public string Remote => $"unix:{SocketPath}";

    private string ClusterAddress => $"unix:{Path.Combine(Folder, "raft.sock")}";

    private string Database => Path.Combine(Folder, "db");

    /// <summary>A server of a new database.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="arguments">Further arguments, such as <c>--remote=ptcp:...</c>.</param>
    public static OvsdbServer Start(string schema, params IEnumerable<string> arguments)
    {
        var server = new OvsdbServer();
        var file = Path.Combine(server.Folder, "schema.json");
        File.WriteAllText(file, schema);
        Run("ovsdb-tool", "create", server.Database, file);
        return server.Start(arguments);
    }

    /// <summary>A server of a clustered database with one member.</summary>
    public static OvsdbServer StartCluster(string schema, params IEnumerable<string> arguments)
    {
        var server = new OvsdbServer();
        var file = Path.Combine(server.Folder, "schema.json");
        File.WriteAllText(file, schema);
        Run("ovsdb-tool", "create-cluster", server.Database, file, server.ClusterAddress);
        return server.Start(arguments);
    }

    /// <summary>A further server of a member's clustered database.</summary>
    /// <param name="member">A member.</param>
    /// <param name="database">The name of the database in its schema.</param>
    /// <param name="arguments">Further arguments.</param>
    public static OvsdbServer Join(OvsdbServer member, string database, params IEnumerable<string> arguments)
    {
        var server = new OvsdbServer();
        Run("ovsdb-tool", "join-cluster", server.Database, database, server.ClusterAddress, member.ClusterAddress);
        return server.Start(arguments);
    }

    /// <summary>A server of a copy of a database file.</summary>
    public static OvsdbServer Open(string database, params IEnumerable<string> arguments)
    {
        using var content = File.OpenRead(database);
        return Open(content, arguments);
    }

    /// <summary>A server of a database file with this content.</summary>
    public static OvsdbServer Open(Stream content, params IEnumerable<string> arguments)
    {
        var server = new OvsdbServer();
        using (var file = File.Create(server.Database))
        {
            content.CopyTo(file);
        }

        return server.Start(arguments);
    }

    /// <summary>A TCP port of the loopback address that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Kills the server as a crash would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
        File.Delete(SocketPath);
    }

    /// <summary>Starts the server again on the same database, and waits until it listens.</summary>
    public void Restart()
    {
        var start = new ProcessStartInfo(Find("ovsdb-server")!) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["OVS_RUNDIR"] = Folder;
        _arguments.ForEach(start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        var deadline = Stopwatch.StartNew();
        while (!Listens())
        {
            if (_process.HasExited || deadline.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"ovsdb-server {string.Join(' ', _arguments)} does not start"));
            }

            Thread.Yield();
        }
    }

    /// <summary>Runs a command of ovs-appctl on the server.</summary>
    public string Control(params IEnumerable<string> command) =>
        Run("ovs-appctl", ["-t", Path.Combine(Folder, "ctl"), .. command]);

    /// <summary>Changes the schema of the database while it is served, as a package upgrade does.</summary>
    public void Convert(string schema)
    {
        var file = Path.Combine(Folder, "newer.json");
        File.WriteAllText(file, schema);
        Run("ovsdb-client", "--timeout=20", "convert", Remote, file);
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
    }

    private OvsdbServer Start(IEnumerable<string> arguments)
    {
        _arguments.AddRange([$"--remote=punix:{SocketPath}", $"--unixctl={Path.Combine(Folder, "ctl")}", "--no-chdir", .. arguments, Database]);
        try
        {
            Restart();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool Listens()
    {
        if (!File.Exists(SocketPath))
        {
            return false;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            // Not listening yet.
            return false;
        }
    }

    private static string? Find(string program) =>
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program) ?? throw new InvalidOperationException($"{program} is not installed"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)}: {error.GetAwaiter().GetResult()}");
    }
}
