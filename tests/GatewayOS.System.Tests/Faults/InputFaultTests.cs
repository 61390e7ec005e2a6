using System.Text.Json;
using System.Text.Json.Nodes;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Faults;

/// <summary>Invariant I4 on the real thing: what comes in is broken or missing, forwarding stays correct, and it is told once.</summary>
[Collection<SoftSwitchLabUse>]
public sealed class InputFaultTests(SoftSwitchLab gateway)
{
    private const int Some = 400;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_southbound_database_is_away_the_fast_path_goes_on()
    {
        Requirement.Lab();
        var lab = await gateway.ReadyAsync(Token);
        var log = new AgentLog(lab);
        await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
        await stream.FlowAsync(Some, Token);
        await lab.Central.StopSouthboundAsync(Token);
        try
        {
            await GatewayLab.UntilAsync("the agent to miss the database", async () => await SouthboundStateAsync() == "disconnected", Token);
            await stream.FlowAsync(Some, Token);
            await gateway.AssertFastPathAsync(Token);
        }
        finally
        {
            await lab.Central.RestartSouthboundAsync(CancellationToken.None);
        }

        await new AgentCounters(lab).WaitUntilReadyAsync(Token);
        await stream.FlowAsync(Some, Token);
        gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
        Assert.Contains("OVN_Southbound", Assert.Single(log.Messages(AgentLog.NotFollowing)), StringComparison.Ordinal);
        Assert.True(log.Writes() == 0, log.ToString());
        await gateway.AssertFastPathAsync(Token);
    }

    [Theory]
    [InlineData("ip4.dst == 172.16.0.999", "drop;")]
    [InlineData("ip4", "eth.dst = ip4.dst; frobnicate();")]
    public async Task A_logical_flow_that_does_not_parse_changes_nothing_and_is_told_once(string match, string actions)
    {
        Requirement.Lab();
        var lab = await gateway.ReadyAsync(Token);
        var log = new AgentLog(lab);
        var datapath = (await lab.SouthboundAsync("--bare --columns=datapath list Port_Binding router-a-public", Token)).Trim();
        await lab.Central.NorthdAsync("pause", Token);
        var flow = "";
        try
        {
            await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
            await stream.FlowAsync(Some, Token);

            // Above every other flow of the routing table.
            flow = (await lab.SouthboundAsync(
                $"create Logical_Flow logical_datapath={datapath} pipeline=ingress table_id={await RoutingTableAsync(lab)} priority=65535 'match=\"{match}\"' 'actions=\"{actions}\"'", Token)).Trim();
            await GatewayLab.UntilAsync("the agent to see the flow", () => Task.FromResult(log.Messages(AgentLog.Rejected).Count > 0), Token);
            await new AgentCounters(lab).WaitUntilReadyAsync(Token);
            await stream.FlowAsync(Some, Token);
            await gateway.AssertFastPathAsync(Token);

            // One more compilation: it is no news.
            await lab.SouthboundAsync($"set Logical_Flow {flow} external_ids:again=yes", Token);
            await GatewayLab.UntilAsync(
                "one more compilation", async () => await gateway.StatusAsync(status => status.GetProperty("ready").GetBoolean() && status.GetProperty("rejectedFlows").GetInt32() == 1, Token), Token);
            await stream.FlowAsync(Some, Token);
            gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
            var told = Assert.Single(log.Messages(AgentLog.Rejected));
            Assert.Contains(flow, told, StringComparison.Ordinal);
            Assert.Contains(match, told, StringComparison.Ordinal);
            Assert.Contains(actions, told, StringComparison.Ordinal);
        }
        finally
        {
            if (flow.Length > 0)
            {
                await lab.SouthboundAsync($"--if-exists destroy Logical_Flow {flow}", CancellationToken.None);
            }

            await lab.Central.NorthdAsync("resume", CancellationToken.None);
        }
    }

    [Fact]
    public async Task What_a_small_device_refuses_is_left_to_OVS_and_told_once()
    {
        Requirement.Lab();
        var lab = await gateway.ReadyAsync(Token);
        await lab.Gateway.StopAgentAsync();
        var log = new AgentLog(lab);

        // A program whose routing table for IPv4 holds almost nothing.
        var program = Path.Combine(lab.FolderOf(lab.Topology.Gateway.Name), "small.bmv2.json");
        await File.WriteAllTextAsync(program, Shrink(Path.Combine(AppContext.BaseDirectory, "gateway.bmv2.json"), "route4", 2), Token);
        try
        {
            await lab.Gateway.StartAgentAsync(Token, program);
            await GatewayLab.UntilAsync("a refusal", () => Task.FromResult(log.Messages(AgentLog.Refused).Count > 0 && log.Messages(AgentLog.InStep).Count > 0), Token);
            var (missing, refused) = await gateway.StatusAsync(status => (status.GetProperty("missing").GetInt32(), status.GetProperty("refused").GetArrayLength()), Token);
            Assert.True(missing > 0 && refused > 0);

            await new TrafficRunner(lab).WarmUpAsync(GatewayLab.Traffic.Select(one => one.Flow), Token);
            var counters = new AgentCounters(lab);
            var before = (await counters.ReadAsync(Token))!;
            await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
            await stream.FlowAsync(2 * Some, Token);

            // It is tried again meanwhile, after 5 seconds and more.
            await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System, Token);
            gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
            var gatewayCounts = (await counters.ReadAsync(Token))!.Since(before);
            Assert.True(gatewayCounts is { FastPath: > 0, ThroughOvs: > 0 }, $"{gatewayCounts}");
            var told = Assert.Single(log.Messages(AgentLog.Refused));
            Assert.Contains("route4", told, StringComparison.Ordinal);
        }
        finally
        {
            await lab.Gateway.StopAgentAsync();
        }

        await gateway.ReadyAsync(Token);
        Assert.Equal((0, 0), await gateway.StatusAsync(status => (status.GetProperty("missing").GetInt32(), status.GetProperty("refused").GetArrayLength()), Token));

        // Neighbours may be others than before; what the device holds is whole if a new agent, which reads it back, has nothing to write.
        await lab.Gateway.StopAgentAsync();
        var successor = new AgentLog(lab);
        await gateway.ReadyAsync(Token);
        Assert.Equal(0, successor.Writes());
        await gateway.AssertFastPathAsync(Token);
    }

    [Fact]
    public async Task A_machine_that_moves_is_followed()
    {
        Requirement.Lab();
        var lab = await gateway.ReadyAsync(Token);
        var before = await gateway.EntriesAsync(Token);
        foreach (var (from, to) in new[] { ("hv1", "hv2"), ("hv2", "hv1") })
        {
            await using (SteadyTraffic.Start(lab, GatewayLab.Traffic, Token))
            {
                await lab.MoveAsync(GatewayLab.Routed.Client, from, to, Token);
                await new AgentCounters(lab).WaitUntilReadyAsync(Token);
            }

            await new TrafficRunner(lab).WarmUpAsync([GatewayLab.Routed], Token);
            await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
            await stream.FlowAsync(Some, Token);
            gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
            await gateway.AssertFastPathAsync(Token);
        }

        await gateway.UntilEntriesAsync(before, Token);
    }

    private Task<string?> SouthboundStateAsync() => gateway.StatusAsync(status => status.GetProperty("southbound").GetProperty("state").GetString(), Token);

    private static async Task<string> RoutingTableAsync(LabNetwork lab) =>
        (await lab.SouthboundAsync("--bare --columns=table_id find Logical_Flow external_ids:stage-name=lr_in_ip_routing", Token))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0];

    /// <summary>A bmv2 JSON with another size of one table.</summary>
    private static string Shrink(string file, string table, int size)
    {
        var program = JsonNode.Parse(File.ReadAllText(file), documentOptions: new JsonDocumentOptions { MaxDepth = 512 })!;
        var found = program["pipelines"]!.AsArray().SelectMany(pipeline => pipeline!["tables"]!.AsArray()).Single(one => (string)one!["name"]! == table)!;
        found["max_size"] = size;
        return program.ToJsonString();
    }
}
