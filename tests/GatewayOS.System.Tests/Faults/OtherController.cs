using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Running;
using GatewayOS.Lab.Running;
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

    public static async Task<OtherController> TakeAsync(LabNetwork lab, CancellationToken token)
    {
        var relay = new DeviceRelay(lab);
        try
        {
            // An agent that claims an abandoned device does so with the last one's id.
            var session = await P4RuntimeSession.ConnectAsync(
                $"unix:{relay.Path}", 1, (UInt128)Interlocked.Increment(ref s_electionId), NullLogger<P4RuntimeSession>.Instance, token);
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

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _relay.DisposeAsync();
    }
}
