using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;

namespace GatewayOS.Reference.Tracing;

/// <summary>One of the things that become of a packet.</summary>
/// <param name="Chassis">Where it happens; null when all chassis are taken as one.</param>
/// <param name="Packet">As it is then.</param>
public abstract record TraceOutcome(string? Chassis, Packet Packet)
{
    /// <summary>
    /// It leaves by a VIF, localnet, l2gateway, vtep or container port. <paramref name="Vlan"/>: the tag that is pushed for a localnet port or a
    /// container, else null. <paramref name="PhysicalNetwork"/>: a localnet port's network_name.
    /// </summary>
    public sealed record Delivered(string? Chassis, Packet Packet, ReferencePort Port, int? Vlan, string? PhysicalNetwork) : TraceOutcome(Chassis, Packet);

    /// <summary>It goes by a tunnel to another chassis; with Geneve the datapath's key is the VNI, the port keys are in the option.</summary>
    public sealed record Tunnelled(string? Chassis, Packet Packet, string To, int DatapathKey, int InKey, int OutKey) : TraceOutcome(Chassis, Packet);

    /// <summary>ovn-controller gets it, because of this action.</summary>
    public sealed record Controlled(string? Chassis, Packet Packet, string Action) : TraceOutcome(Chassis, Packet);

    /// <summary>Nothing else becomes of it here.</summary>
    public sealed record Dropped(string? Chassis, Packet Packet, string Reason) : TraceOutcome(Chassis, Packet);
}
