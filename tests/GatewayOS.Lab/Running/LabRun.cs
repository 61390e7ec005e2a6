using System.Diagnostics;
using System.Globalization;

namespace GatewayOS.Lab.Running;

/// <summary>What a lab has of the machine, by one name: a directory, and every network namespace whose name starts with it.</summary>
/// <remarks>
/// All processes of a lab live in its namespaces, so a name is enough to find and remove all of it, whoever started it and however it ended.
/// A lock on <c>NAME.lock</c> says that the owner lives; it goes with the process. A lab that was kept on purpose has a file
/// <c>NAME.kept</c>. Databases and sockets are under /run: in memory, with paths short enough for a Unix socket.
/// </remarks>
public sealed class LabRun : IAsyncDisposable
{
    public const string Root = "/run/gateway-lab";
    private const string NamespaceRoot = "/run/netns";

    private readonly FileStream _lock;

    private LabRun(string name, FileStream ownerLock)
    {
        Name = name;
        _lock = ownerLock;
    }

    /// <summary>Such as <c>gwl3f2a</c>; unique on this machine.</summary>
    public string Name { get; }

    public string Folder => Path.Combine(Root, Name);

    /// <summary>True leaves everything running when this is disposed; <see cref="RemoveAsync"/> ends it.</summary>
    public bool Keep { get; set; }

    /// <summary>A new run with an empty folder.</summary>
    public static LabRun Create()
    {
        Directory.CreateDirectory(Root);
        while (true)
        {
            var name = $"gwl{Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture)[..4]}";
            if (TryLock(name, FileMode.CreateNew) is { } ownerLock)
            {
                Directory.CreateDirectory(Path.Combine(Root, name));
                File.WriteAllText(OwnerFile(name), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return new LabRun(name, ownerLock);
            }
        }
    }

    /// <summary>Names of the labs on this machine, running, kept or left behind.</summary>
    public static IReadOnlyList<string> List() => !Directory.Exists(Root) ? []
        : [.. Directory.EnumerateFiles(Root, "*.lock").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <summary>The process that made a lab, whether it still lives or not; null when there is no such lab.</summary>
    public static int? OwnerOf(string name)
    {
        try
        {
            return int.TryParse(File.ReadAllText(OwnerFile(name)), CultureInfo.InvariantCulture, out var owner) ? owner : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes what labs left that were killed; those that run or were kept stay.</summary>
    public static async Task RemoveLeftoversAsync()
    {
        foreach (var name in List())
        {
            if (!File.Exists(KeptFile(name)))
            {
                await RemoveAsync(name);
            }
        }
    }

    /// <summary>Ends a lab that nobody owns.</summary>
    /// <returns>False when its owner lives, or it is gone already.</returns>
    public static async Task<bool> RemoveAsync(string name)
    {
        if (!File.Exists(LockFile(name)) || TryLock(name, FileMode.Open) is not { } ownerLock)
        {
            return false;
        }

        await RemoveEverythingAsync(name);
        await ownerLock.DisposeAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (Keep)
        {
            await File.WriteAllTextAsync(KeptFile(Name), "");
        }
        else
        {
            await RemoveEverythingAsync(Name);
        }

        await _lock.DisposeAsync();
    }

    private static string LockFile(string name) => Path.Combine(Root, name + ".lock");

    private static string OwnerFile(string name) => Path.Combine(Root, name, "owner");

    private static string KeptFile(string name) => Path.Combine(Root, name + ".kept");

    private static FileStream? TryLock(string name, FileMode mode)
    {
        try
        {
            return new FileStream(LockFile(name), mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task RemoveEverythingAsync(string name)
    {
        var networks = Directory.Exists(NamespaceRoot)
            ? Directory.EnumerateFiles(NamespaceRoot, name + "-*").Select(file => Path.GetFileName(file)).ToList()
            : [];
        await Parallel.ForEachAsync(networks, async (network, _) => await EndProcessesAsync(network));
        if (networks.Count > 0)
        {
            await Tool.IpAsync(null, networks.Select(network => $"netns delete {network}"), CancellationToken.None);
        }

        if (Directory.Exists(Path.Combine(Root, name)))
        {
            Directory.Delete(Path.Combine(Root, name), recursive: true);
        }

        File.Delete(KeptFile(name));
        File.Delete(LockFile(name));
    }

    /// <summary>Nothing of a lab is worth saving, so its processes are killed; again, until none is left.</summary>
    private static async Task EndProcessesAsync(string network)
    {
        while ((await Tool.RunAsync(null, "ip", ["netns", "pids", network])).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } pids)
        {
            foreach (var pid in pids)
            {
                try
                {
                    using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                    process.Kill();
                }
                catch (Exception e) when (e is ArgumentException or InvalidOperationException)
                {
                    // It ended by itself meanwhile.
                }
            }
        }
    }
}
