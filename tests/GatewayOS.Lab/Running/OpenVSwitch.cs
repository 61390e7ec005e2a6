namespace GatewayOS.Lab.Running;

/// <summary>An ovsdb-server and an ovs-vswitchd of their own, with the userspace datapath, in one namespace.</summary>
internal sealed class OpenVSwitch(string network, string folder)
{
    /// <summary>Where the programs of OVS and OVN look for sockets that no option names.</summary>
    private readonly Dictionary<string, string> _environment = new()
    {
        ["OVS_RUNDIR"] = folder,
        ["OVN_RUNDIR"] = folder,
        ["OVS_DBDIR"] = folder,
        ["OVS_LOGDIR"] = folder,
        ["OVN_LOGDIR"] = folder,
    };

    public string Remote => $"unix:{folder}/db.sock";

    /// <summary>Starts it with a configuration; all the network devices it names exist afterwards.</summary>
    /// <param name="configuration">Commands for ovs-vsctl(8).</param>
    /// <param name="token">Ends the waiting.</param>
    public async Task StartAsync(IEnumerable<string> configuration, CancellationToken token)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("ovsdb-tool", ["create", $"{folder}/conf.db", $"{Tool.SchemasOf("openvswitch")}/vswitch.ovsschema"], token);
        await RunAsync(
            "ovsdb-server",
            [$"--remote=punix:{folder}/db.sock", $"--unixctl={folder}/db.ctl", .. DaemonOptions.For(folder, "ovsdb-server"), $"{folder}/conf.db"],
            token);
        await ConfigureAsync(["--no-wait", "init", .. configuration.SelectMany(command => command.Split(' ').Prepend("--"))], token);
        await RunAsync(
            "ovs-vswitchd",
            ["--disable-system", $"--unixctl={folder}/vswitchd.ctl", .. DaemonOptions.For(folder, "ovs-vswitchd"), Remote],
            token);
        // Without --no-wait this returns when ovs-vswitchd has made what the database asks for.
        await ConfigureAsync(["set", "Open_vSwitch", ".", "external-ids:lab=ready"], token);
    }

    public Task<string> ConfigureAsync(IEnumerable<string> words, CancellationToken token) =>
        RunAsync("ovs-vsctl", [$"--db={Remote}", "--timeout=30", .. words], token);

    /// <summary>Asks ovs-vswitchd or ovn-controller, see ovs-appctl(8).</summary>
    public async Task<string> AskAsync(string target, IEnumerable<string> words, CancellationToken token)
    {
        // QUIRK(ovn-controller 23.03): it has no --unixctl; its socket has its process id in the name.
        var socket = target == "ovn-controller"
            ? $"{folder}/ovn-controller.{(await File.ReadAllTextAsync($"{folder}/ovn-controller.pid", token)).Trim()}.ctl"
            : $"{folder}/vswitchd.ctl";
        return await RunAsync("ovs-appctl", ["-t", socket, .. words], token);
    }

    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken token) =>
        Tool.RunAsync(network, program, arguments, environment: _environment, token: token);
}
