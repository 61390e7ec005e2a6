using System.Globalization;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Reporting;
using GatewayOS.Control.Running;
using GatewayOS.Control.Tracking;
using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Ovsdb;
using GatewayOS.P4Runtime;
using Tomlyn;
using Tomlyn.Model;

namespace GatewayOS.Agent;

/// <summary>Reads the configuration file; all that is wrong with it is collected.</summary>
public sealed class ConfigurationReader
{
    private const int HighestPort = 254, LongestLinkName = 15;

    private readonly List<ConfigurationProblem> _problems = [];
    private readonly string _folder;

    private ConfigurationReader(string folder) => _folder = folder;

    /// <exception cref="ConfigurationException">Something is wrong with it, or it cannot be read.</exception>
    public static AgentConfiguration ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new ConfigurationProblem("--config", path, $"name a readable file ({failure.Message})")]);
        }
    }

    /// <param name="text">TOML.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <exception cref="ConfigurationException">Something is wrong with it.</exception>
    public static AgentConfiguration Read(string text, string folder)
    {
        var reader = new ConfigurationReader(folder);
        var configuration = reader.Read(Parse(text));
        return reader._problems.Count == 0 ? configuration : throw new ConfigurationException(reader._problems.ToEquatableArray());
    }

    private static TomlTable Parse(string text)
    {
        try
        {
            // QUIRK(Tomlyn): what ends with a backslash in a string is an ArgumentOutOfRangeException there, and with a line end behind it a proper error.
            return TomlSerializer.Deserialize(text + '\n', ConfigurationToml.Default.TomlTable) ?? [];
        }
        catch (TomlException failure)
        {
            throw new ConfigurationException([new ConfigurationProblem("the file", "not TOML", failure.GetBaseException().Message)]);
        }
    }

    private AgentConfiguration Read(TomlTable root)
    {
        var file = new TomlSection("", root, _problems);
        var (ovs, device, ssl) = (file.Section("ovs"), file.Section("device"), file.Section("ssl"));
        var (control, log, connections) = (file.Section("control"), file.Section("log"), file.Section("connections"));
        var standard = PipelineArtefacts.Default;
        var options = new ControlOptions(
            ovs.Read("remote", "unix:/run/openvswitch/db.sock", "write unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT", RemoteOf)!,
            Tls(ssl),
            device.Read("address", null, "write HOST:PORT or unix:PATH", AddressOf)!,
            device.Number("id", 1, 0),
            device.Number("election_id", 1, 1),
            new PipelineArtefacts(
                device.Read("p4info", standard.P4Info, "name the P4Info of the program (JSON)", FileOf)!,
                device.Read("config", standard.DeviceConfig, "name the compiled program for the device", FileOf)!),
            Pairs(file))
        {
            DevicePatience = TimeSpan.FromSeconds(device.Number("timeout", (ulong)P4RuntimeSession.UsualPatience.TotalSeconds, 1, 3600)),
            Connections = Connections(connections),
            StatelessFloatingIps = connections.Flag("stateless-floating-ips", fallback: false),
        };
        var configuration = new AgentConfiguration(
            options,
            control.Read("socket", ControlSocket.DefaultPath, "write a path", PathOf)!,
            log.Read("level", "info", "write trace, debug, info, warn or error", level => level is "trace" or "debug" or "info" or "warn" or "error" ? level : null)!);
        foreach (var section in new[] { file, ovs, device, ssl, control, log, connections })
        {
            section.RefuseOthers();
        }

        return configuration;
    }

    private OffloadOptions Connections(TomlSection connections)
    {
        var standard = new OffloadOptions();
        return new OffloadOptions
        {
            IsEnabled = connections.Flag("offload", standard.IsEnabled),
            Limit = (int)connections.Number("limit", (ulong)standard.Limit, 1, int.MaxValue),
            DeviceLimit = (int)connections.Number("device_limit", (ulong)standard.DeviceLimit, 1, 1 << 24),
            Rate = (int)connections.Number("rate", (ulong)standard.Rate, 1, int.MaxValue),
            KeepAlive = TimeSpan.FromSeconds(connections.Number("keep_alive", (ulong)standard.KeepAlive.TotalSeconds, 1, 3600)),
            Vswitchd = connections.IsGiven("vswitchd") ? connections.Read("vswitchd", null, "write the path of ovs-vswitchd's control socket", PathOf) : null,
        };
    }

    private EquatableArray<PortPair> Pairs(TomlSection file)
    {
        var sections = file.Sections("port");
        if (sections.Count == 0)
        {
            _problems.Add(new ConfigurationProblem("[[port]]", null, "add one for each front port of the device, with 'device' and 'exception'"));
        }

        var pairs = new List<PortPair>();
        foreach (var section in sections)
        {
            var device = (int)section.Number("device", null, 1, HighestPort);
            var exception = section.Read("exception", null, "name the netdev that OVS has in its bridge for this port, up to 15 characters", LinkOf);
            section.RefuseOthers();
            if (pairs.Exists(pair => pair.Device == device))
            {
                section.Problem("device", device.ToString(CultureInfo.InvariantCulture), "give each port its own number");
            }

            if (pairs.Exists(pair => pair.Exception == exception))
            {
                section.Problem("exception", $"\"{exception}\"", "give each port its own exception netdev");
            }

            pairs.Add(new PortPair(device, exception ?? ""));
        }

        return pairs.ToEquatableArray();
    }

    private TlsFiles? Tls(TomlSection ssl) => !ssl.IsPresent ? null : new TlsFiles(
        ssl.Read("private_key", null, "name a PEM file", FileOf) ?? "",
        ssl.Read("certificate", null, "name a PEM file", FileOf) ?? "",
        ssl.Read("ca_certificate", null, "name a PEM file", FileOf) ?? "");

    private static Remote? RemoteOf(string text)
    {
        try
        {
            return Remote.Parse(text);
        }
        catch (FormatException)
        {
            // The caller says what is wrong.
            return null;
        }
    }

    private static string? AddressOf(string text) =>
        text.StartsWith("unix:/", StringComparison.Ordinal) ? text
        : text.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? text : null;

    private static string? LinkOf(string text) => text.Length is > 0 and <= LongestLinkName && !text.Contains('/', StringComparison.Ordinal) ? text : null;

    private string? PathOf(string text) => text.Length == 0 ? null : Path.GetFullPath(text, _folder);

    private string? FileOf(string text) => PathOf(text) is { } path && File.Exists(path) ? path : null;
}
