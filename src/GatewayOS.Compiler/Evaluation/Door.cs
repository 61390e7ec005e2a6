using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>How packets come in.</summary>
/// <param name="LogicalPort">The port that they come in by (front ports), or the port or group that they are for (tunnels).</param>
public abstract record Door(string LogicalPort)
{
    /// <summary>From a front port; VLAN 0 stands for untagged.</summary>
    public sealed record Port(string LogicalPort, int DevicePort, int Vlan) : Door(LogicalPort);

    /// <summary>From a tunnel.</summary>
    /// <param name="InPort">The logical input port; null stands for any.</param>
    /// <param name="InKey">Its tunnel key; null stands for any.</param>
    /// <param name="Group">The datapath and name of the multicast group that the output key is of; null if it is a port's.</param>
    public sealed record Tunnel(string LogicalPort, string? InPort, TunnelType Type, int Vni, int OutKey, int? InKey, (Guid Datapath, string Name)? Group = null) : Door(LogicalPort);
}
