using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Running;
using GatewayOS.Lab.Running;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayOS.System.Tests.Faults;

/// <summary>A P4Runtime controller that takes the device from the agent for as long as it lives.</summary>
internal sealed class OtherController : IAsyncDisposable
{
    private static long s_electionId = 1000;

    private readonly DeviceRelay _relay;
    private readonly P4RuntimeSession _session;

    private OtherController(DeviceRelay relay, P4RuntimeSession session) => (_relay, _session) = (relay, session);

    /// <summary>Takes the device of the gateway chassis.</summary>
    public static Task<OtherController> TakeAsync(LabNetwork lab, CancellationToken token) => TakeAsync(lab, lab.Topology.Gateway.Name, token);

    public static async Task<OtherController> TakeAsync(LabNetwork lab, string chassis, CancellationToken token)
    {
        var relay = new DeviceRelay(lab, chassis);
        try
        {
            // An agent that claims an abandoned device does so with the last one's id.
            var session = await P4RuntimeSession.ConnectAsync(
                $"unix:{relay.Path}", 1, (UInt128)Interlocked.Increment(ref s_electionId), P4RuntimeSession.UsualPatience, NullLogger<P4RuntimeSession>.Instance, token);
            Assert.True(session.IsPrimary);
            return new OtherController(relay, session);
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads the program that the agent would load, unless it runs already.</summary>
    public Task LoadAsync(CancellationToken token) => _session.LoadPipelineAsync(
        new PipelineArtefacts(Path.Combine(AppContext.BaseDirectory, "gateway.p4info.json"), Path.Combine(AppContext.BaseDirectory, "gateway.bmv2.json")).Load(), token);

    /// <summary>Deletes every entry: first where packets come in, so that each is software's or goes all its way.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EmptyAsync(CancellationToken token)
    {
        await LoadAsync(token);
        var device = new P4RuntimeDevice(_session);
        var entries = await device.ReadAsync(token);
        foreach (var level in entries.GroupBy(EntryGraph.Level).OrderByDescending(level => level.Key))
        {
            var outcomes = await device.WriteAsync([.. level.Select(entry => new EntityUpdate(UpdateKind.Delete, entry))], token);
            Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded, outcome.Message));
        }

        return entries.Count;
    }

    /// <summary>Replaces what becomes of a connection's packets.</summary>
    /// <param name="isNumber">Whether an entry is the one that numbers them.</param>
    /// <param name="spoil">The action of their verdicts, as it should not be.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>How many verdicts there were.</returns>
    public async Task<int> SpoilAsync(Func<TableEntry, bool> isNumber, Func<ActionCall, ActionCall> spoil, CancellationToken token)
    {
        await LoadAsync(token);
        var device = new P4RuntimeDevice(_session);
        var entries = await device.ReadConnectionsAsync(token);
        var numbers = entries.Where(entry => entry.Table != TableNames.ConnectionEdit && isNumber(entry)).Select(entry => ((ActionCall)entry.Action)[ParameterNames.Index]).ToHashSet();
        EntityUpdate[] updates =
        [
            .. from entry in entries
               where entry.Table == TableNames.ConnectionEdit && numbers.Contains(((FieldMatch.Exact)entry.Match[0]).Value)
               select new EntityUpdate(UpdateKind.Modify, entry with { Action = spoil((ActionCall)entry.Action) }),
        ];
        Assert.All(await device.WriteAsync(updates, token), outcome => Assert.True(outcome.Succeeded, outcome.Message));
        return updates.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _relay.DisposeAsync();
    }
}
