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

    /// <summary>From a VTEP switch, whose packets name no output port, and no input port either (ovn-architecture(7), VTEP).</summary>
    /// <param name="LogicalPort">The port by which the switch has a part in the datapath.</param>
    /// <param name="Chassis">The switch.</param>
    /// <param name="Number">By which the device knows it (<see cref="Network.Tunnel"/>).</param>
    /// <param name="Vni">The key of the datapath.</param>
    public sealed record Vtep(string LogicalPort, Guid Chassis, ushort Number, int Vni) : Door(LogicalPort);
}
