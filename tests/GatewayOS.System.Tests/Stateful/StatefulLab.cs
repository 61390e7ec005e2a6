using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>The demonstration's network twice: with stock chassis, and with devices and agents on every chassis. Only the tests send and answer.</summary>
public sealed class StatefulLab : IAsyncDisposable
{
    private LabNetwork? _stock, _fast;
    private TwoSides? _sides;

    /// <summary>That with devices and agents.</summary>
    internal LabNetwork Fast => _fast!;

    internal TwoSides Sides => _sides!;

    /// <summary>
    /// QUIRK(ovs-vswitchd 3.1): the userspace tracker dies of a SYN by the ports of a connection that has ended and the answer to it, where a zone does not
    /// translate (conn_update_state: conn_type == CT_CONN_TYPE_DEFAULT), with a device and without. OVS 3.3 has no such pairs of entries any more.
    /// </summary>
    internal bool CanReuse { get; private set; }

    /// <summary>Brings both up; agents that a test has left dead too.</summary>
    internal async Task ReadyAsync(CancellationToken token)
    {
        if (_sides is not null)
        {
            await StartAgentsAsync(token);
            return;
        }

        var topology = Prepared(DemoNetwork.Topology);
        _stock = await LabNetwork.StartAsync(topology, Device.None, token);
        _fast = await LabNetwork.StartAsync(topology, Device.SoftSwitch, token);
        await StartAgentsAsync(token);
        await OnBothAsync(lab => WarmUpAsync(lab, token));
        await OnBothAsync(lab => Convergence.SettleAsync(lab, token));
        _sides = new TwoSides(await Side.TakeAsync(_stock, token), await Side.TakeAsync(_fast, token));
        await OnBothAsync(lab => ForgetAsync(lab, token));
        CanReuse = await CanReuseAsync(_stock, token);
    }

    internal async Task StartAgentsAsync(CancellationToken token)
    {
        await Task.WhenAll(Fast.FastPaths.Where(node => !node.IsAgentRunning).Select(node => node.StartAgentAsync(token)));
        await new AgentCounters(Fast.FastPaths).WaitUntilReadyAsync(token);
    }

    internal Task OnBothAsync(Func<LabNetwork, Task> action) => Task.WhenAll(action(_stock!), action(_fast!));

    public async ValueTask DisposeAsync()
    {
        _sides?.Dispose();
        foreach (var lab in new[] { _fast, _stock }.OfType<LabNetwork>())
        {
            await lab.DisposeAsync();
        }
    }

    private static async Task<bool> CanReuseAsync(LabNetwork lab, CancellationToken token)
    {
        var version = await lab.RunAsync(lab.Topology.Gateway.Name, "ovs-vswitchd", ["--version"], token);
        return Version.Parse(version.Split('\n')[0].Split(' ')[^1].Split('-')[0]) >= new Version(3, 3);
    }

    /// <summary>The routers know the external host, whose kernel will not answer.</summary>
    private static Topology Prepared(Topology topology) => topology with
    {
        Northbound = string.Join('\n', (string[])
        [
            topology.Northbound,
            .. from router in new[] { "router-a-public", "router-b-public", "gateway-public" }
               from address in topology.External.Addresses
               select $"static-mac-binding-add {router} {address.Address} {topology.External.Mac}",
        ]),
    };

    /// <summary>Once through every tunnel, so that the underlay's addresses are resolved.</summary>
    private static Task WarmUpAsync(LabNetwork lab, CancellationToken token) => new TrafficRunner(lab).WarmUpAsync(
        DemoNetwork.Traffic.Where(kind => kind is { Protocol: Protocol.Ping, Family: 4, Direction: not "ext -> VM" }).SelectMany(kind => kind.Flows).Where(flow => !flow.IsBalanced).Distinct(), token);

    /// <summary>No connection is left of the warming up, and TCP windows are checked nowhere, as agents have it (src/GatewayOS.Control/README.md).</summary>
    private static Task ForgetAsync(LabNetwork lab, CancellationToken token) => Task.WhenAll(lab.Topology.Chassis.Select(async chassis =>
    {
        await lab.AppctlAsync(chassis.Name, "ovs-vswitchd", "dpctl/flush-conntrack", token);
        await lab.AppctlAsync(chassis.Name, "ovs-vswitchd", "dpctl/ct-disable-tcp-seq-chk", token);
    }));
}

[CollectionDefinition]
public sealed class StatefulLabUse : ICollectionFixture<StatefulLab>;
