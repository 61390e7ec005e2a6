using GatewayOS.Lab.Topologies;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Lab.Running;

/// <summary>A topology made real: OVN, OVS, machines and cables in network namespaces. Disposing it removes all of it.</summary>
/// <remarks>
/// <code>
///   ext            gw1                               hv1, hv2 ...
///     | VLAN 100   +--------------------+              +--------------------------+
///   [ext]----------| ext0  device  und0 |-----[und]----| und0    device    vif0.. |---- eth0, a1 ...
///                  | ext0r        und0r |    Geneve    | und0r            vif0r.. |        machines
///                  |    ovs-vswitchd    |  172.31.0/24 |       ovs-vswitchd       |
///                  |   ovn-controller   |              |      ovn-controller      |
///                  +--------------------+              +--------------------------+
///   [ ] switches, in a namespace of their own;  central: NB, SB, ovn-northd
/// </code>
/// A hypervisor may be joined to the provider network too (ext0). A chassis without a device has its cards, and the cables of its machines, in OVS.
/// </remarks>
public sealed class LabNetwork : IAsyncDisposable
{
    private readonly LabRun _run;
    private readonly Fabric _fabric;
    private readonly CentralNode _central;
    private readonly Dictionary<string, ChassisNode> _chassis;
    private readonly Dictionary<string, FastPathNode> _fastPaths;
    private Watch? _watch;

    private LabNetwork(Topology topology, Device device, LabRun run)
    {
        Topology = topology;
        Device = device;
        _run = run;
        _fabric = new Fabric(topology, run, device);
        _central = new CentralNode(NamespaceOf(Fabric.Central), Path.Combine(run.Folder, Fabric.Central));
        _chassis = topology.Chassis.ToDictionary(chassis => chassis.Name, chassis => new ChassisNode(
            topology, chassis, NamespaceOf(chassis.Name), FolderOf(chassis.Name), _central.SouthboundRemote, device));
        _fastPaths = topology.Chassis.Where(chassis => chassis.HasDevice).ToDictionary(chassis => chassis.Name, chassis => new FastPathNode(
            chassis.Name, DevicePort.Of(topology, chassis), NamespaceOf(chassis.Name), FolderOf(chassis.Name), device, OpenVSwitchRemote(chassis.Name)));
    }

    public Topology Topology { get; }

    public Device Device { get; }

    /// <summary>The databases and ovn-northd.</summary>
    internal CentralNode Central => _central;

    /// <summary>The device and the agent of the gateway chassis.</summary>
    public FastPathNode Gateway => FastPath(Topology.Gateway.Name);

    /// <summary>Those of every chassis that has them.</summary>
    public IReadOnlyCollection<FastPathNode> FastPaths => _fastPaths.Values;

    public string Name => _run.Name;

    public string SouthboundRemote => _central.SouthboundRemote;

    public string NorthboundRemote => _central.NorthboundRemote;

    /// <summary>Brings a topology up, until every machine's port works. Leftovers of killed labs are removed first.</summary>
    /// <exception cref="LabException">Something did not start; what was there is removed again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; likewise.</exception>
    public static async Task<LabNetwork> StartAsync(Topology topology, Device device, CancellationToken token)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new LabException("A lab is made of network namespaces, which need root.");
        }

        await LabRun.RemoveLeftoversAsync();
        var lab = new LabNetwork(topology, device, LabRun.Create());
        try
        {
            await lab.StartAsync(token);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The network namespace of a machine, a chassis, the external host or <c>central</c>.</summary>
    public string NamespaceOf(string node) => _fabric.NamespaceOf(node);

    /// <summary>The databases, sockets and logs of a chassis or of <c>central</c>.</summary>
    public string FolderOf(string node) => Path.Combine(_run.Folder, node);

    /// <summary>The local Open_vSwitch database of a chassis.</summary>
    public string OpenVSwitchRemote(string chassis) => _chassis[chassis].Switch.Remote;

    /// <summary>The device and the agent of a chassis that has them.</summary>
    public FastPathNode FastPath(string chassis) => _fastPaths[chassis];

    /// <summary>Starts the agents of all chassis that have a device.</summary>
    public Task StartAgentsAsync(CancellationToken token) => Task.WhenAll(FastPaths.Select(node => node.StartAgentAsync(token)));

    /// <summary>Calls a function inside a node's namespace; sockets it opens stay there.</summary>
    public T Inside<T>(string node, Func<T> function) => NetworkNamespace.Run(NetworkNamespace.PathOf(NamespaceOf(node)), function);

    /// <summary>Runs a program inside a node's namespace to its end and returns what it wrote.</summary>
    public Task<string> RunAsync(string node, string program, IEnumerable<string> arguments, CancellationToken token) =>
        Tool.RunAsync(NamespaceOf(node), program, arguments, token: token);

    /// <summary>Runs one line of ovn-nbctl, and waits until every chassis has followed.</summary>
    public Task<string> NorthboundAsync(string line, CancellationToken token) =>
        _central.NorthboundAsync(["--wait=hv", .. CentralNode.Words(line)], token);

    public Task<string> SouthboundAsync(string line, CancellationToken token) => _central.SouthboundAsync(CentralNode.Words(line), token);

    public Task<string> VsctlAsync(string chassis, string line, CancellationToken token) =>
        _chassis[chassis].Switch.ConfigureAsync(CentralNode.Words(line), token);

    /// <summary>Asks ovs-vswitchd or ovn-controller of a chassis, see ovs-appctl(8).</summary>
    public Task<string> AppctlAsync(string chassis, string target, string line, CancellationToken token) =>
        _chassis[chassis].Switch.AskAsync(target, CentralNode.Words(line), token);

    /// <summary>Moves a machine to another chassis, as a live migration ends: the port goes here and comes up there.</summary>
    public async Task MoveAsync(string machine, string from, string to, CancellationToken token)
    {
        var moved = Topology.Machines.Single(one => one.Name == machine);
        await _chassis[from].DetachAsync(moved, token);
        await RunAsync(from, "ip", ["link", "set", Fabric.PortOf(moved), "netns", NamespaceOf(to)], token);
        await _chassis[to].AttachAsync(moved, token);
        await NorthboundAsync("sync", token);
    }

    /// <summary>Fails when a program that the lab started has ended, or another runs in its place: what is measured then says nothing.</summary>
    /// <exception cref="LabException">The message names it and has the end of its log.</exception>
    public void AssertAlive()
    {
        if ((_watch?.Fallen() ?? FastPaths.Select(node => node.Fallen).FirstOrDefault(fallen => fallen is not null)) is { } what)
        {
            throw new LabException(what);
        }
    }

    /// <summary>Leaves everything up when this is disposed; <c>gateway-lab down NAME</c> removes it.</summary>
    public void Keep() => _run.Keep = true;

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    private async Task StartAsync(CancellationToken token)
    {
        foreach (var node in Topology.Chassis.Select(chassis => chassis.Name).Append(Fabric.Central))
        {
            Directory.CreateDirectory(FolderOf(node));
        }

        await _fabric.BuildAsync(token);
        var central = StartCentralAsync(token);
        await Task.WhenAll(_chassis.Values.Select(chassis => chassis.StartSwitchAsync(token)).Concat(FastPaths.Select(node => node.StartDeviceAsync(token))));
        await central;
        await Task.WhenAll(_chassis.Values.Select(chassis => chassis.StartControllerAsync(token)));
        _watch = Watch.Over(Topology.Chassis.Select(chassis => chassis.Name).Append(Fabric.Central).Select(FolderOf));
        await Task.WhenAll(_chassis.Values.Select(chassis => chassis.WaitUntilInstalledAsync(token)));
        await NorthboundAsync("sync", token);
    }

    private async Task StartCentralAsync(CancellationToken token)
    {
        await _central.StartAsync(token);
        await _central.ConfigureAsync(Topology, token);
    }
}
