using System.Globalization;
using System.Text.Json;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Waits until a network does as it is told: OVN, the datapaths and, where there are, the agents and their devices.</summary>
internal static class Convergence
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public static async Task SettleAsync(LabNetwork lab, CancellationToken token)
    {
        // QUIRK(ovn-controller): under conditional monitoring it answers a sync before it has seen datapaths that became local.
        var (last, same) = ("", 0);
        while (same < 2)
        {
            await lab.NorthboundAsync("sync", token);
            var flows = string.Concat(await Task.WhenAll(lab.Topology.Chassis.Select(chassis => FlowsAsync(lab, chassis.Name, token))));
            (last, same) = (flows, flows == last ? same + 1 : 0);
            await Task.Delay(s_pause, TimeProvider.System, token);
        }

        // The flows that ovs-vswitchd has cached follow a little later.
        await Task.WhenAll(lab.Topology.Chassis.Select(chassis => lab.AppctlAsync(chassis.Name, "ovs-vswitchd", "revalidator/wait", token)));
        if (lab.FastPaths.Any(node => node.IsAgentRunning))
        {
            var number = long.Parse((await lab.SouthboundAsync("get SB_Global . nb_cfg", token)).Trim(), CultureInfo.InvariantCulture);
            await Poll.UntilAsync(async () => (await StatusAsync(lab, token)).All(status => IsAt(status, number)), $"the agents to follow configuration {number}", s_patience, token);
        }
    }

    private static async Task<string> FlowsAsync(LabNetwork lab, string chassis, CancellationToken token)
    {
        var answer = await lab.RunAsync(chassis, "ovs-ofctl", ["dump-aggregate", $"unix:{lab.FolderOf(chassis)}/br-int.mgmt"], token);
        return answer[answer.IndexOf("flow_count", StringComparison.Ordinal)..];
    }

    private static Task<JsonElement[]> StatusAsync(LabNetwork lab, CancellationToken token) => Task.WhenAll(lab.FastPaths.Select(node => node.AskAsync("status", token)));

    private static bool IsAt(JsonElement status, long number) =>
        status.GetProperty("ready").GetBoolean() && status.TryGetProperty("nbCfg", out var at) && at.GetInt64() >= number;
}
