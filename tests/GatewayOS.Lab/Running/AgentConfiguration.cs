namespace GatewayOS.Lab.Running;

/// <summary>The configuration of gatewayd on a chassis: what it cannot learn from OVS and OVN.</summary>
internal static class AgentConfiguration
{
    /// <summary>Where gatewayctl asks, beside the configuration file.</summary>
    public const string ControlSocket = "gatewayd.sock";

    public static string Write(string deviceAddress, string openVSwitchRemote, IEnumerable<DevicePort> ports, string? program) => $"""
        [device]
        address = "{deviceAddress}"
        id = 1
        {(program is null ? "" : $"config = \"{program}\"")}

        [ovs]
        remote = "{openVSwitchRemote}"

        [control]
        socket = "{ControlSocket}"

        [connections]
        vswitchd = "vswitchd.ctl"

        {string.Join("\n\n", ports.Select(Port))}
        """;

    private static string Port(DevicePort port) => $"""
        [[port]]
        device = {port.Number}
        exception = "{port.Representor}"
        """;
}
