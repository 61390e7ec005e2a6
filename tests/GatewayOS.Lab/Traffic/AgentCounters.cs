using System.Collections.Immutable;
using System.Text.Json;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Asks the agents of chassis for their status, as <c>gatewayctl status --json</c> shows it.</summary>
internal sealed class AgentCounters(IReadOnlyCollection<FastPathNode> nodes) : IFastPathCounters
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The agent of the gateway chassis alone.</summary>
    public AgentCounters(LabNetwork lab)
        : this([lab.Gateway])
    {
    }

    public async Task<FastPathCounts?> ReadAsync(CancellationToken token) =>
        (await Task.WhenAll(nodes.Select(async node => Parse(await node.AskAsync("status", token))))).Aggregate((sum, one) => sum + one);

    /// <summary>Waits until the agents have written all entries for what the southbound database says now.</summary>
    public Task WaitUntilReadyAsync(CancellationToken token) => Poll.UntilAsync(
        async () =>
        {
            try
            {
                var answers = await Task.WhenAll(nodes.Select(node => node.AskAsync("status", token)));
                return answers.All(status => status.GetProperty("ready").GetBoolean());
            }
            catch (LabException)
            {
                // One does not answer yet.
                return false;
            }
        },
        $"gatewayd to have programmed the device on {string.Join(", ", nodes.Select(node => node.Chassis))}",
        s_patience,
        token);

    /// <summary>
    /// Reads <c>{"fastPath": {"forwarded": N, "dropped": N}, "punts": [{"reason": TEXT, "packets": N, "background": BOOL}]}</c>;
    /// background marks what belongs to no traffic of the user, such as ARP.
    /// </summary>
    internal static FastPathCounts Parse(JsonElement status)
    {
        var fastPath = status.GetProperty("fastPath");
        var punts = status.GetProperty("punts").EnumerateArray()
            .Where(punt => !punt.GetProperty("background").GetBoolean())
            .GroupBy(punt => punt.GetProperty("reason").GetString()!, punt => punt.GetProperty("packets").GetInt64());
        return new FastPathCounts(
            fastPath.GetProperty("forwarded").GetInt64() + fastPath.GetProperty("dropped").GetInt64(),
            punts.ToImmutableSortedDictionary(reason => reason.Key, reason => reason.Sum()));
    }
}
