namespace GatewayOS.Lab.Running;

/// <summary>What this project adds to the gateway chassis: the P4 device and the agent. Each can be stopped and started by itself.</summary>
public sealed class GatewayNode
{
    /// <summary>Where the device serves P4Runtime, inside the namespace of the chassis.</summary>
    public const string DeviceAddress = "127.0.0.1:9559";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _network;
    private readonly string _folder;
    private readonly Device _device;
    private readonly string _openVSwitchRemote;
    private Daemon? _deviceProcess;
    private Daemon? _agentProcess;

    internal GatewayNode(string network, string folder, Device device, string openVSwitchRemote)
    {
        _network = network;
        _folder = folder;
        _device = device;
        _openVSwitchRemote = openVSwitchRemote;
    }

    public string ConfigurationFile => Path.Combine(_folder, "gatewayd.toml");

    /// <summary>What the agent logs, a JSON object a line; agents that follow each other append.</summary>
    public string AgentLogFile => Path.Combine(_folder, "gatewayd.log");

    public bool IsDeviceRunning => _deviceProcess is { HasEnded: false };

    public bool IsAgentRunning => _agentProcess is { HasEnded: false };

    /// <summary>Starts the P4 device, when it is a program, and waits until it serves P4Runtime.</summary>
    public async Task StartDeviceAsync(CancellationToken token)
    {
        if (_device is not (Device.SoftSwitch or Device.Bmv2))
        {
            return;
        }

        IEnumerable<string> ports = DevicePort.All.SelectMany(port =>
            new[] { "-i", $"{port.Number}@{port.Card}", "-i", $"{port.ExceptionNumber}@{port.ExceptionEnd}" });
        string[] server = ["--grpc-server-addr", DeviceAddress];
        // bmv2's options of the target follow those of the switch after "--".
        _deviceProcess = _device == Device.SoftSwitch
            ? Daemon.Start(_network, _folder, Programs.PathOf("softswitch"), [.. ports, .. server, "--device-id", "1", "--no-p4"])
            : Daemon.Start(_network, _folder, "simple_switch_grpc", [.. ports, "--device-id", "1", "--no-p4", "--", .. server]);
        await _deviceProcess.WaitUntilListeningAsync(DeviceAddress, s_patience, token);
    }

    public Task StopDeviceAsync() => StopAsync(ref _deviceProcess);

    /// <summary>What a crash does.</summary>
    public Task KillDeviceAsync() => KillAsync(ref _deviceProcess);

    /// <summary>Writes the agent's configuration and starts it.</summary>
    /// <param name="token">Ends the start.</param>
    /// <param name="program">What the device shall run, a bmv2 JSON; null for what was built with the agent.</param>
    public async Task StartAgentAsync(CancellationToken token, string? program = null)
    {
        await File.WriteAllTextAsync(ConfigurationFile, AgentConfiguration.Write(DeviceAddress, _openVSwitchRemote, program), token);
        _agentProcess = Daemon.Start(_network, _folder, Programs.PathOf("gatewayd"), ["--config", ConfigurationFile]);
    }

    public Task StopAgentAsync() => StopAsync(ref _agentProcess);

    /// <summary>What a crash does.</summary>
    public Task KillAgentAsync() => KillAsync(ref _agentProcess);

    private static Task KillAsync(ref Daemon? daemon)
    {
        var killed = daemon?.KillAsync() ?? Task.CompletedTask;
        daemon = null;
        return killed;
    }

    private static Task StopAsync(ref Daemon? daemon)
    {
        var stopped = daemon?.StopAsync() ?? Task.CompletedTask;
        daemon = null;
        return stopped;
    }
}
