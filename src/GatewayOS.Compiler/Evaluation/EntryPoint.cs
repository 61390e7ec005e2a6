using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Where packets of a class enter the automaton.</summary>
public abstract record EntryPoint(PacketClass Class, Edge Edge)
{
    /// <summary>From a front port; VLAN 0 stands for untagged.</summary>
    public sealed record Port(PacketClass Class, Edge Edge, int DevicePort, int Vlan, string LogicalPort) : EntryPoint(Class, Edge);

    /// <summary>From a tunnel; InKey null stands for any.</summary>
    public sealed record Tunnel(PacketClass Class, Edge Edge, TunnelType Type, int Vni, int OutKey, int? InKey, string LogicalPort) : EntryPoint(Class, Edge);
}
