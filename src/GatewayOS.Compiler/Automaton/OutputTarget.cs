using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>Where a forwarded packet leaves: a device port and its framing.</summary>
/// <remarks>MaxLength is the largest inner frame in octets, from its Ethernet header, without a VLAN tag.</remarks>
public abstract record OutputTarget(int DevicePort, int MaxLength) : Resource
{
    /// <summary>As it is, or with a VLAN tag (0: none).</summary>
    public sealed record Plain(int DevicePort, int MaxLength, int Vlan) : OutputTarget(DevicePort, MaxLength);

    /// <summary>Encapsulated for another chassis; keys as in ovn-architecture(7), Tunnel Encapsulations.</summary>
    public sealed record Tunnel(int DevicePort, int MaxLength, Encapsulation Encapsulation, int DatapathKey, int InKey, int OutKey)
        : OutputTarget(DevicePort, MaxLength);

    /// <summary>Nowhere: a drop that is certain only up to a length.</summary>
    public sealed record Nowhere(int MaxLength) : OutputTarget(0, MaxLength);

    /// <summary>A copy by each of these, at least two.</summary>
    public sealed record Group(EquatableArray<OutputTarget> Copies, int MaxLength) : OutputTarget(0, MaxLength);
}
