using System.IO.Compression;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Testing;

namespace GatewayOS.Cli.Tests;

/// <summary>A southbound database of a real cloud, which is kept beside the project and not in it.</summary>
internal sealed record Corpus(string Name, string Chassis, int OpenFlowFlows)
{
    /// <summary>With the number of OpenFlow flows that ovn-controller makes of it.</summary>
    public static IReadOnlyList<Corpus> All { get; } =
    [
        new("basic-23.03", "gw1", 810), new("basic-25.03", "gw1", 921),
        new("neutron-23.03", "gw1", 2713), new("neutron-25.03", "gw1", 3106),
        new("ovn-kubernetes-23.03", "node0", 2377), new("ovn-kubernetes-25.03", "node0", 2494),
    ];

    private static string? Folder { get; } = Environment.GetEnvironmentVariable("GATEWAYOS_CORPUS") ?? Above(AppContext.BaseDirectory);

    /// <summary>Whether the databases are on this machine, and a server for them.</summary>
    public static bool IsThere => OvsdbServer.IsInstalled && Folder is not null;

    public async Task<Southbound> LoadAsync(CancellationToken token)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var packed = new GZipStream(File.OpenRead(Path.Combine(Folder!, Name, "sb.db.gz")), CompressionMode.Decompress))
            await using (var plain = File.Create(file))
            {
                await packed.CopyToAsync(plain, token);
            }

            using var server = OvsdbServer.Open(file);
            return await Southbound.LoadAsync(Remote.ParseList(server.Remote), new ConnectionOptions(), token);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "corpus");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
