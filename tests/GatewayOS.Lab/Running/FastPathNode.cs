using System.Net.Sockets;
using System.Text.Json;
using GatewayOS.Core;

namespace GatewayOS.Lab.Running;

/// <summary>What this project adds to a chassis: the P4 device and the agent. Each can be stopped and started by itself.</summary>
public sealed class FastPathNode
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

    internal FastPathNode(string chassis, EquatableArray<DevicePort> ports, string network, string folder, Device device, string openVSwitchRemote)
    {
        Chassis = chassis;
        Ports = ports;
        _network = network;
        _folder = folder;
        _device = device;
        _openVSwitchRemote = openVSwitchRemote;
    }

    /// <summary>Name of the chassis.</summary>
    public string Chassis { get; }

    /// <summary>The front ports of the device.</summary>
    public EquatableArray<DevicePort> Ports { get; }

    public string ConfigurationFile => Path.Combine(_folder, "gatewayd.toml");

    /// <summary>What the agent logs, a JSON object a line; agents that follow each other append.</summary>
    public string AgentLogFile => Path.Combine(_folder, "gatewayd.log");

    public bool IsDeviceRunning => _deviceProcess is { HasEnded: false };

    public bool IsAgentRunning => _agentProcess is { HasEnded: false };

    /// <summary>Which of both has ended that nobody stopped or killed, and how; null if none.</summary>
    internal string? Fallen => (_deviceProcess?.Fallen ?? _agentProcess?.Fallen) is { } fallen ? $"{Chassis}: {fallen}" : null;

    /// <summary>Starts the P4 device, when it is a program, and waits until it serves P4Runtime.</summary>
    public async Task StartDeviceAsync(CancellationToken token)
    {
        if (_device is not (Device.SoftSwitch or Device.Bmv2))
        {
            return;
        }

        IEnumerable<string> ports = Ports.SelectMany(port =>
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
        await File.WriteAllTextAsync(ConfigurationFile, AgentConfiguration.Write(DeviceAddress, _openVSwitchRemote, Ports, program), token);
        _agentProcess = Daemon.Start(_network, _folder, Programs.PathOf("gatewayd"), ["--config", ConfigurationFile]);
    }

    public Task StopAgentAsync() => StopAsync(ref _agentProcess);

    /// <summary>What a crash does.</summary>
    public Task KillAgentAsync() => KillAsync(ref _agentProcess);

    /// <summary>Asks the agent as <c>gatewayctl</c> does, but without a process for each question.</summary>
    /// <returns>The member of the answer that is named like the question.</returns>
    /// <exception cref="LabException">The agent does not answer, or cannot tell.</exception>
    internal async Task<JsonElement> AskAsync(string question, CancellationToken token)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, AgentConfiguration.ControlSocket)), token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { request = question }), token);
            await stream.WriteAsync("\n"u8.ToArray(), token);
            using var reader = new StreamReader(stream);
            var answer = JsonElement.Parse(await reader.ReadLineAsync(token) ?? "{}");
            return answer.TryGetProperty(question, out var found) ? found : throw new LabException($"The agent of {Chassis} answers {answer} to {question}.");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new LabException($"The agent of {Chassis} does not answer: {e.Message}");
        }
    }

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
