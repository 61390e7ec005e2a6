using GatewayOS.Connections;
using GatewayOS.Ovn;

namespace GatewayOS.Compiler.Tracking;

/// <summary>What conntrack says, as far as evaluation asks.</summary>
public interface IConntrack
{
    /// <summary>The zones that ovn-controller gave out.</summary>
    public ConntrackZones Zones { get; }

    /// <summary>The connection of a packet with this tuple in a zone, and the packet's direction; null if none is known.</summary>
    public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple);

    /// <summary>Whether there is certainly none: not one that is not followed either.</summary>
    public bool IsAbsent(ushort zone, in ConnectionTuple tuple);

    /// <summary>
    /// Whether there is certainly one that this would be a packet of, in its first direction, that nobody has answered, that translates nothing and has neither mark nor label. Conntrack may call its packets
    /// new, established or, where it misses the answers of TCP, invalid.
    /// </summary>
    public bool IsOneSided(ushort zone, in ConnectionTuple tuple);

    /// <summary>Whether other packets than those evaluated are about to change the connection's mark or label: what it is now, it is not for long.</summary>
    public bool IsChanging(Connection connection);
}
