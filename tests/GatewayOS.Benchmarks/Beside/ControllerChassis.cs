using System.Globalization;
using GatewayOS.Lab.Running;
using GatewayOS.Ovn;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>
/// A chassis of a southbound database made real beside its server: OVS with the userspace datapath, and ovn-controller, which installs its
/// flows in it. Both end with the server.
/// </summary>
internal sealed class ControllerChassis
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly CorpusServer _server;
    private readonly string _name;
    private readonly OpenVSwitch _switch;

    private ControllerChassis(CorpusServer server, string name, OpenVSwitch openVSwitch, ProcessMeter meter) =>
        (_server, _name, _switch, Meter) = (server, name, openVSwitch, meter);

    /// <summary>The meter of ovn-controller.</summary>
    public ProcessMeter Meter { get; }

    /// <summary>Starts OVS as the chassis has it (its encapsulation address, a bridge for every physical network), then ovn-controller.</summary>
    /// <param name="server">The southbound database.</param>
    /// <param name="southbound">What is in it.</param>
    /// <param name="chassis">A chassis in it; or any other name, then ovn-controller becomes a chassis to which nothing is bound.</param>
    /// <param name="monitorAll">Whether ovn-controller fetches everything, or what this chassis needs (its default).</param>
    /// <param name="token">Ends the waiting.</param>
    public static async Task<ControllerChassis> StartAsync(
        CorpusServer server, Southbound southbound, string chassis, bool monitorAll, CancellationToken token)
    {
        const string Unknown = "172.31.255.1";
        var encap = southbound.Encaps.FirstOrDefault(encap => encap.ChassisName == chassis);
        var networks = southbound.PortBindings.Where(port => port.Type == "localnet")
            .Select(port => port.Options.GetValueOrDefault("network_name")).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var bridges = networks.Select((network, index) => (Network: network, Name: $"br-ex{index}")).ToList();
        var folder = Path.Combine(server.Folder, chassis);
        var openVSwitch = new OpenVSwitch(server.Network, folder);
        await openVSwitch.StartAsync(
            [
                $"set Open_vSwitch . external-ids:system-id={chassis} external-ids:hostname={chassis}",
                $"set Open_vSwitch . external-ids:ovn-remote={server.Remote} external-ids:ovn-encap-type={encap?.Type ?? "geneve"}",
                $"set Open_vSwitch . external-ids:ovn-encap-ip={encap?.Ip ?? Unknown} external-ids:ovn-bridge-datapath-type=netdev",
                $"set Open_vSwitch . external-ids:ovn-monitor-all={(monitorAll ? "true" : "false")} external-ids:ovn-cms-options=enable-chassis-as-gw",
                "add-br br-int -- set Bridge br-int datapath_type=netdev fail-mode=secure other-config:disable-in-band=true",
                .. bridges.Select(bridge => $"add-br {bridge.Name} -- set Bridge {bridge.Name} datapath_type=netdev"),
                .. bridges.Count == 0 ? [] : new[] { $"set Open_vSwitch . external-ids:ovn-bridge-mappings={string.Join(',', bridges.Select(b => $"{b.Network}:{b.Name}"))}" },
            ],
            token);
        await openVSwitch.RunAsync("ovn-controller", [.. DaemonOptions.For(folder, "ovn-controller"), openVSwitch.Remote], token);
        var processId = int.Parse(await File.ReadAllTextAsync($"{folder}/ovn-controller.pid", token), CultureInfo.InvariantCulture);
        return new ControllerChassis(server, chassis, openVSwitch, new ProcessMeter(processId));
    }

    /// <summary>Waits until ovn-controller has installed what it knows and has nothing left to do.</summary>
    /// <returns>What it has used since its start; the result is the number of OpenFlow flows.</returns>
    /// <exception cref="TimeoutException">It does not become idle.</exception>
    /// <exception cref="LabException">It does not answer the database.</exception>
    public async Task<Usage> UntilIdleAsync(CancellationToken token)
    {
        // ovn-sb(5), Chassis_Private: nb_cfg is copied there when the flows up to that configuration are installed.
        var configuration = int.Parse((await _server.SouthboundAsync(["get", "SB_Global", ".", "nb_cfg"], token)).Trim(), CultureInfo.InvariantCulture) + 1;
        await _server.SouthboundAsync(["set", "SB_Global", ".", $"nb_cfg={configuration}"], token);
        await _server.SouthboundAsync(["wait-until", "Chassis_Private", _name, $"nb_cfg={configuration}"], token);

        // It answers too early: what it claims and what conditions let in later comes after that.
        await ProcessMeter.UntilIdleAsync([Meter, _server.Meter], s_idle, s_patience, token);
        return new Usage(Meter.CpuSeconds, Meter.PeakRssKiB, $"{await CountFlowsAsync(token)} OpenFlow flows");
    }

    /// <summary>Does something and waits until ovn-controller is idle again.</summary>
    /// <returns>What ovn-controller used for it.</returns>
    public async Task<Usage> MeasureAsync(Func<Task> action, CancellationToken token)
    {
        var before = Meter.CpuSeconds;
        await action();
        var after = await UntilIdleAsync(token);
        return after with { CpuSeconds = after.CpuSeconds - before };
    }

    /// <summary>Makes ovn-controller compute everything anew.</summary>
    public Task<Usage> RecomputeAsync(CancellationToken token) => MeasureAsync(() => AskAsync(["inc-engine/recompute"], token), token);

    /// <summary>Asks ovn-controller, see ovn-controller(8), Runtime Management Commands.</summary>
    public Task<string> AskAsync(IEnumerable<string> words, CancellationToken token) => _switch.AskAsync("ovn-controller", words, token);

    private async Task<int> CountFlowsAsync(CancellationToken token)
    {
        const string Label = "flow_count=";
        var text = await _switch.RunAsync("ovs-ofctl", ["dump-aggregate", "br-int"], token);
        return int.Parse(text[(text.IndexOf(Label, StringComparison.Ordinal) + Label.Length)..].Trim(), CultureInfo.InvariantCulture);
    }
}
