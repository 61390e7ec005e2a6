namespace GatewayOS.Lab.Running;

/// <summary>The configuration of gatewayd on the gateway chassis: what it cannot learn from OVS and OVN.</summary>
internal static class AgentConfiguration
{
    public static string Write(string deviceAddress, string openVSwitchRemote, string? program) => $"""
        [device]
        address = "{deviceAddress}"
        id = 1
        {(program is null ? "" : $"config = \"{program}\"")}

        [ovs]
        remote = "{openVSwitchRemote}"

        [control]
        socket = "gatewayd.sock"

        {string.Join("\n\n", DevicePort.All.Select(Port))}
        """;

    private static string Port(DevicePort port) => $"""
        [[port]]
        device = {port.Number}
        exception = "{port.Representor}"
        """;
}
