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

    /// <summary>What must not be met by a packet; null where OVS has no such connections.</summary>
    internal Expiry? Expiry { get; private set; }

    /// <summary>
    /// QUIRK(ovs-vswitchd before 3.1.3): a SYN by the ports of a connection that has ended has that one expire at once (conn_update_state, CT_UPDATE_NEW), which <see cref="Expiry"/> cannot foresee: its second entry is still there. Where a zone
    /// does not translate no new connection is made (process_one finds that entry), and the answer ends ovs-vswitchd; where one does, the SYN may leave untranslated, and what follows too, until the old connection is removed.
    /// </summary>
    internal bool CanReuse => Expiry is null;

    /// <summary>Whether OVN has the zones for DNAT and SNAT of a distributed router apart, as since 24.03.</summary>
    internal bool HasZonesApart { get; private set; }

    /// <summary>Brings both up; agents that a test has left dead too.</summary>
    internal async Task ReadyAsync(CancellationToken token)
    {
        if (_sides is not null)
        {
            AssertAlive();
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
        Expiry = await VersionAsync(_stock, "ovs-vswitchd", token) >= new Version(3, 1, 3) ? null : new Expiry([_stock, _fast]);
        HasZonesApart = await VersionAsync(_stock, "ovn-controller", token) >= new Version(24, 3);
    }

    /// <exception cref="LabException">A program of one of the labs has ended.</exception>
    internal void AssertAlive()
    {
        _stock!.AssertAlive();
        Fast.AssertAlive();
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

    private static async Task<Version> VersionAsync(LabNetwork lab, string program, CancellationToken token)
    {
        var text = await lab.RunAsync(lab.Topology.Gateway.Name, program, ["--version"], token);
        return Version.Parse(text.Split('\n')[0].Split(' ')[^1].Split('-')[0]);
    }

    /// <summary>The routers know the external host, whose kernel will not answer; and a machine is its own load balancer's only server.</summary>
    private static Topology Prepared(Topology topology) => topology with
    {
        Northbound = string.Join('\n', (string[])
        [
            topology.Northbound,
            .. from protocol in new[] { "tcp", "udp" } from command in new[] { Change.OwnBalancer(protocol, 7), $"ls-lb-add b-nat own-{protocol}" } select command,
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
