using System.Text.Json;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Faults;

/// <summary>The demonstration's network with the gateway in front of OVS, for the tests of a collection.</summary>
/// <remarks>
/// Before the agent starts for the first time, the tables are empty and the chassis is a stock one: what the traffic loses then
/// (<see cref="Stock"/>) is what a test may lose.
/// </remarks>
public abstract class GatewayLab(Device device) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the agent needs to follow a change.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(2);

    /// <summary>A flow that is no part of the traffic.</summary>
    private static readonly Flow s_probe = Find("routed", "a2", 4);

    private LabNetwork? _lab;

    /// <summary>What is sent meanwhile: routed both ways and in both families, by a gateway router, and by SNAT, which stays with OVS.</summary>
    public static IReadOnlyList<(Flow Flow, Protocol Protocol)> Traffic { get; } =
    [
        (Find("routed", "a1", 4), Protocol.Ping),
        (Find("routed", "b2", 6).Reversed, Protocol.Udp),
        (Find("gateway router", "c1", 4).Reversed, Protocol.Udp),
        (Find("SNAT", "a3", 4), Protocol.Ping),
    ];

    /// <summary>The first of them, which is only routed.</summary>
    public static Flow Routed => Traffic[0].Flow;

    public TrafficCount Stock { get; private set; }

    /// <summary>The lab, with everything running and every entry on the device.</summary>
    public async Task<LabNetwork> ReadyAsync(CancellationToken token)
    {
        var lab = _lab ??= await StartAsync(token);
        if (!lab.Gateway.IsDeviceRunning)
        {
            await lab.Gateway.StopDeviceAsync();
            await lab.Gateway.StartDeviceAsync(token);
        }

        if (!lab.Gateway.IsAgentRunning)
        {
            await lab.Gateway.StopAgentAsync();
            await lab.Gateway.StartAgentAsync(token);
        }

        await new AgentCounters(lab).WaitUntilReadyAsync(token);
        await new TrafficRunner(lab).WarmUpAsync([.. Traffic.Select(one => one.Flow), s_probe], token);
        await SteadyAsync(token);
        return lab;
    }

    /// <summary>Waits until neighbours, learned addresses and the like have settled; nobody announces the last of them.</summary>
    public async Task SteadyAsync(CancellationToken token)
    {
        IReadOnlySet<string> last = new HashSet<string>();
        await UntilAsync(
            "the entries to stay the same",
            async () =>
            {
                await new AgentCounters(_lab!).WaitUntilReadyAsync(token);
                var now = await EntriesAsync(token);
                var isSame = now.SetEquals(last);
                last = now;
                if (!isSame)
                {
                    await Task.Delay(s_calm, TimeProvider.System, token);
                }

                return isSame;
            },
            token);
    }

    /// <summary>Waits until the device holds these entries and no others.</summary>
    public async Task UntilEntriesAsync(IReadOnlySet<string> expected, CancellationToken token)
    {
        IReadOnlySet<string> now = new HashSet<string>();
        try
        {
            await UntilAsync("the entries", async () => (now = await EntriesAsync(token)).SetEquals(expected), token);
        }
        catch (LabException)
        {
            Assert.Fail($"missing:\n{string.Join('\n', expected.Except(now).Take(10))}\nadded:\n{string.Join('\n', now.Except(expected).Take(10))}");
        }
    }

    /// <summary>What is on the device, without the counts and without connections, which come and go.</summary>
    public async Task<IReadOnlySet<string>> EntriesAsync(CancellationToken token)
    {
        using var answer = JsonDocument.Parse(await AskAsync("entries", token));
        return answer.RootElement.EnumerateArray().Where(entry => !entry.GetProperty("table").GetString()!.StartsWith("connection", StringComparison.Ordinal))
            .Select(entry => $"{entry.GetProperty("table")}[{entry.GetProperty("priority")}] {entry.GetProperty("match")} -> {entry.GetProperty("action")}")
            .ToHashSet();
    }

    /// <summary>The answer of <c>gatewayctl status</c> to one question.</summary>
    public async Task<T> StatusAsync<T>(Func<JsonElement, T> question, CancellationToken token)
    {
        using var answer = JsonDocument.Parse(await AskAsync("status", token));
        return question(answer.RootElement);
    }

    public static Task UntilAsync(string what, Func<Task<bool>> isSo, CancellationToken token) => Poll.UntilAsync(
        async () =>
        {
            try
            {
                return await isSo();
            }
            catch (LabException)
            {
                // The agent does not answer yet.
                return false;
            }
        },
        what,
        s_patience,
        token);

    /// <summary>Fails when the traffic lost more than it does on a stock chassis.</summary>
    public void AssertNotWorse(TrafficCount count, SteadyTraffic stream) =>
        Assert.True(count.Lost <= Stock.Lost, $"lost {count.Lost} of {count.Sent}, on a stock chassis {Stock.Lost} of {Stock.Sent}; {stream}");

    /// <summary>Fails unless the device itself forwards what is only routed, whatever else is sent meanwhile.</summary>
    public async Task AssertFastPathAsync(CancellationToken token)
    {
        const int messages = 10;
        var counters = new AgentCounters(_lab!);
        var before = (await counters.ReadAsync(token))!;
        var count = await new TrafficRunner(_lab!).RunAsync(s_probe, Protocol.Ping, messages, token);
        var gateway = (await counters.ReadAsync(token))!.Since(before);
        Assert.Equal(new TrafficCount(2 * messages, 2 * messages), count);
        Assert.True(gateway.FastPath >= count.Sent, $"{gateway.FastPath} of {count.Sent} on the fast path");
        Assert.Empty(gateway.Punts.Keys.Except([Reasons.Conntrack]));
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is { } lab)
        {
            await lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private async Task<LabNetwork> StartAsync(CancellationToken token)
    {
        var lab = await LabNetwork.StartAsync(DemoNetwork.Topology.WithStockHypervisors, device, token);
        try
        {
            await using (var controller = await OtherController.TakeAsync(lab, token))
            {
                await controller.LoadAsync(token);
            }

            await new TrafficRunner(lab).WarmUpAsync([.. Traffic.Select(one => one.Flow), s_probe], token);
            await using var stream = SteadyTraffic.Start(lab, Traffic, token);
            await stream.FlowAsync(2000, token);
            Stock = await stream.StopAsync(token);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    private Task<string> AskAsync(string question, CancellationToken token) => _lab!.RunAsync(
        _lab.Topology.Gateway.Name, Programs.PathOf("gatewayctl"), [question, "--json", "--config", _lab.Gateway.ConfigurationFile], token);

    private static Flow Find(string path, string client, int family) =>
        DemoNetwork.Traffic.First(kind => kind.Path == path && kind.Family == family && kind.Direction == "VM -> ext").Flows.First(flow => flow.Client == client);
}

public sealed class SoftSwitchLab() : GatewayLab(Device.SoftSwitch);

public sealed class Bmv2Lab() : GatewayLab(Device.Bmv2);

[CollectionDefinition]
public sealed class SoftSwitchLabUse : ICollectionFixture<SoftSwitchLab>;
