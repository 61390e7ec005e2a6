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

    /// <summary>Waits, not for ever, until a device forwards both directions of these connections.</summary>
    /// <returns>Of how many.</returns>
    public async Task<int> WaitAsync(IReadOnlyList<Talk> talks, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var taken = (await Task.WhenAll(lab.FastPaths.Select(node => node.AskAsync("connections", token)))).SelectMany(Taken).ToHashSet();
            var count = talks.Count(talk => taken.Contains(Name(talk)));
            if (count == talks.Count || TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                return count;
            }

            await Task.Delay(s_pause, TimeProvider.System, token);
        }
    }

    private static IEnumerable<string> Taken(JsonElement connections)
    {
        foreach (var one in connections.EnumerateArray())
        {
            // Null, and so left out, where no such packets come in.
            if (one.GetProperty("isOffloaded").GetBoolean() && one.TryGetProperty("original", out var original))
            {
                yield return $"{one.GetProperty("protocol").GetString()} {original.GetProperty("source").GetString()} {original.GetProperty("destination").GetString()}";
            }
        }
    }

    private static string Name(Talk talk)
    {
        var protocol = talk.Protocol switch { Packet.Tcp => "tcp", Packet.Udp => "udp", Packet.Icmp => "icmp", _ => "icmpv6" };
        return $"{protocol} {End(talk.Route.Source, talk.ClientPort, talk)} {End(talk.Route.Destination, talk.ServerPort, talk)}";
    }

    private static string End(IPAddress address, ushort port, Talk talk)
    {
        Assert.True(IpAddress.TryParse(address.ToString(), out var ip));
        return talk.Protocol is Packet.Icmp or Packet.Icmp6 ? ip.ToString() : ip.IsIpv6 ? $"[{ip}]:{port}" : $"{ip}:{port}";
    }
}
