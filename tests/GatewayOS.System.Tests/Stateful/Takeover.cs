using System.Net;
using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Sees whether devices have taken connections.</summary>
internal sealed class Takeover(LabNetwork lab)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks which connections devices forward, both directions; waits, not for ever, for some of them.</summary>
    /// <returns>What speaks against those that no device has.</returns>
    public async Task<IReadOnlyDictionary<Talk, string>> WaitAsync(IReadOnlyList<Talk> talks, Func<Talk, bool> isWaitedFor, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var known = await LookAsync(token);
            foreach (var talk in talks)
            {
                talk.IsTaken = known[Name(talk)].Any() && known[Name(talk)].All(obstacle => obstacle is null);
            }

            if (talks.All(talk => talk.IsTaken || !isWaitedFor(talk)) || TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                return talks.Where(talk => !talk.IsTaken).ToDictionary(talk => talk, talk => known[Name(talk)].FirstOrDefault(obstacle => obstacle is not null) ?? "not known where it comes in");
            }

            await Task.Delay(s_pause, TimeProvider.System, token);
        }
    }

    /// <summary>How many devices forward a connection.</summary>
    public async Task<int> CountAsync(Talk talk, CancellationToken token) => (await LookAsync(token))[Name(talk)].Count(obstacle => obstacle is null);

    private async Task<ILookup<string, string?>> LookAsync(CancellationToken token) =>
        (await Task.WhenAll(lab.FastPaths.Select(node => node.AskAsync("connections", token)))).SelectMany(Read).ToLookup(one => one.Name, one => one.Obstacle);

    /// <summary>Connections by what their client sends, with null for those that a device forwards.</summary>
    private static IEnumerable<(string Name, string? Obstacle)> Read(JsonElement connections)
    {
        foreach (var one in connections.EnumerateArray())
        {
            // Null, and so left out, where no such packets come in.
            if (one.TryGetProperty("original", out var original))
            {
                yield return (
                    $"{one.GetProperty("protocol").GetString()} {original.GetProperty("source").GetString()} {original.GetProperty("destination").GetString()}",
                    one.GetProperty("isOffloaded").GetBoolean() ? null : Obstacle(one) ?? Obstacle(original) ?? (one.TryGetProperty("reply", out var reply) ? Obstacle(reply) : null) ?? "unknown");
            }
        }
    }

    private static string? Obstacle(JsonElement element) => element.TryGetProperty("obstacle", out var obstacle) ? obstacle.GetString() : null;

    private static string Name(Talk talk)
    {
        var protocol = talk.Protocol switch { Packet.Tcp => "tcp", Packet.Udp => "udp", Packet.Icmp => "icmp", _ => "icmpv6" };
        var id = protocol[0] == 'i' ? $" id {talk.ClientPort}" : "";
        return $"{protocol} {End(talk.Route.Source, talk.ClientPort, talk)}{id} {End(talk.Route.Destination, talk.ServerPort, talk)}";
    }

    private static string End(IPAddress address, ushort port, Talk talk)
    {
        Assert.True(IpAddress.TryParse(address.ToString(), out var ip));
        return talk.Protocol is Packet.Icmp or Packet.Icmp6 ? ip.ToString() : ip.IsIpv6 ? $"[{ip}]:{port}" : $"{ip}:{port}";
    }
}
