using System.Collections.Immutable;
using System.Text.Json;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Asks <c>gatewayctl status --json</c> on the gateway chassis.</summary>
internal sealed class GatewayctlCounters(LabNetwork lab) : IFastPathCounters
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public async Task<FastPathCounts?> ReadAsync(CancellationToken token) => Parse(await AskAsync(token));

    /// <summary>Waits until the agent has written all entries for what the southbound database says now.</summary>
    public Task WaitUntilReadyAsync(CancellationToken token) => Poll.UntilAsync(
        async () =>
        {
            try
            {
                using var status = JsonDocument.Parse(await AskAsync(token));
                return status.RootElement.GetProperty("ready").GetBoolean();
            }
            catch (LabException)
            {
                // The agent does not answer yet.
                return false;
            }
        },
        "gatewayd to have programmed the device",
        s_patience,
        token);

    /// <summary>
    /// Reads <c>{"fastPath": {"forwarded": N, "dropped": N}, "punts": [{"reason": TEXT, "packets": N, "background": BOOL}]}</c>;
    /// background marks what belongs to no traffic of the user, such as ARP.
    /// </summary>
    internal static FastPathCounts Parse(string json)
    {
        using var status = JsonDocument.Parse(json);
        var fastPath = status.RootElement.GetProperty("fastPath");
        var punts = status.RootElement.GetProperty("punts").EnumerateArray()
            .Where(punt => !punt.GetProperty("background").GetBoolean())
            .GroupBy(punt => punt.GetProperty("reason").GetString()!, punt => punt.GetProperty("packets").GetInt64());
        return new FastPathCounts(
            fastPath.GetProperty("forwarded").GetInt64() + fastPath.GetProperty("dropped").GetInt64(),
            punts.ToImmutableSortedDictionary(reason => reason.Key, reason => reason.Sum()));
    }

    private Task<string> AskAsync(CancellationToken token) => lab.RunAsync(
        lab.Topology.Gateway.Name,
        Programs.PathOf("gatewayctl"),
        ["status", "--json", "--config", lab.Gateway.ConfigurationFile],
        token);
}
