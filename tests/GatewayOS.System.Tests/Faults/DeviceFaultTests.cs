using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Faults;

/// <summary>Invariants I1 and I5 on the real thing: emptied tables, a killed agent, a killed device, during traffic.</summary>
public abstract class DeviceFaultTests(GatewayLab gateway)
{
    private const int Some = 400;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_device_is_emptied_no_more_is_lost_than_without_it_and_the_agent_fills_it_again()
    {
        Require();
        var lab = await gateway.ReadyAsync(Token);
        var before = await gateway.EntriesAsync(Token);
        Assert.NotEmpty(before);
        await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
        await stream.FlowAsync(Some, Token);
        await using (var other = await OtherController.TakeAsync(lab, Token))
        {
            Assert.Equal(before.Count, await other.EmptyAsync(Token));
            await stream.FlowAsync(Some, Token);
        }

        await gateway.UntilEntriesAsync(before, Token);
        await stream.FlowAsync(Some, Token);
        gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
        await gateway.AssertFastPathAsync(Token);
    }

    [Fact]
    public async Task When_the_agent_is_killed_traffic_goes_on_and_its_successor_writes_nothing()
    {
        Require();
        var lab = await gateway.ReadyAsync(Token);
        var before = await gateway.EntriesAsync(Token);
        var log = new AgentLog(lab);
        await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
        await stream.FlowAsync(Some, Token);
        await lab.Gateway.KillAgentAsync();
        await stream.FlowAsync(Some, Token);
        await lab.Gateway.StartAgentAsync(Token);
        await new AgentCounters(lab).WaitUntilReadyAsync(Token);
        await stream.FlowAsync(Some, Token);
        gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
        Assert.Single(log.Messages(AgentLog.Controlling));
        var after = await gateway.EntriesAsync(Token);
        Assert.True(log.Writes() == 0, string.Join('\n', [.. before.Except(after).Select(entry => $"- {entry}"), .. after.Except(before).Select(entry => $"+ {entry}"), $"{log}"]));
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task What_changed_while_there_was_no_agent_is_all_that_its_successor_writes()
    {
        Require();
        var lab = await gateway.ReadyAsync(Token);
        var before = await gateway.EntriesAsync(Token);
        await lab.Gateway.KillAgentAsync();
        await lab.NorthboundAsync("lr-route-add router-b 198.51.100.0/24 discard", Token);
        try
        {
            var log = new AgentLog(lab);
            await lab.Gateway.StartAgentAsync(Token);
            await new AgentCounters(lab).WaitUntilReadyAsync(Token);
            var after = await gateway.EntriesAsync(Token);
            Assert.NotEqual(before, after);
            // An entry that stands for another one is a write instead of two.
            Assert.InRange(log.Writes(), 1, after.Except(before).Count() + before.Except(after).Count());
            await gateway.AssertFastPathAsync(Token);
        }
        finally
        {
            await lab.NorthboundAsync("lr-route-del router-b 198.51.100.0/24", CancellationToken.None);
        }
    }

    [Fact]
    public async Task When_the_device_is_killed_its_successor_is_filled_and_it_is_told_once()
    {
        Require();
        var lab = await gateway.ReadyAsync(Token);
        var before = await gateway.EntriesAsync(Token);
        var log = new AgentLog(lab);
        await lab.Gateway.KillDeviceAsync();
        await GatewayLab.UntilAsync(
            "the agent to miss the device", async () => await gateway.StatusAsync(status => status.GetProperty("device").GetProperty("state").GetString() != "primary", Token), Token);
        await lab.Gateway.StartDeviceAsync(Token);
        await gateway.UntilEntriesAsync(before, Token);
        Assert.Single(log.Messages(AgentLog.NotControlling));
        Assert.Single(log.Messages(AgentLog.Controlling));

        await new TrafficRunner(lab).WarmUpAsync([GatewayLab.Routed], Token);
        await using var stream = SteadyTraffic.Start(lab, GatewayLab.Traffic, Token);
        await stream.FlowAsync(Some, Token);
        gateway.AssertNotWorse(await stream.StopAsync(Token), stream);
        await gateway.AssertFastPathAsync(Token);
    }

    /// <summary>Skips the test on a machine without what it takes.</summary>
    protected abstract void Require();
}

[Collection<SoftSwitchLabUse>]
public sealed class SoftSwitchFaultTests(SoftSwitchLab gateway) : DeviceFaultTests(gateway)
{
    protected override void Require() => Requirement.Lab();
}

public sealed class Bmv2FaultTests(Bmv2Lab gateway) : DeviceFaultTests(gateway), IClassFixture<Bmv2Lab>
{
    protected override void Require() => Requirement.Bmv2Lab();
}
