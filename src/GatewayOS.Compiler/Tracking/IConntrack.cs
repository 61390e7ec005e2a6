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

    /// <summary>Whether other packets than those evaluated are about to change the connection's mark or label: what it is now, it is not for long.</summary>
    public bool IsChanging(Connection connection);
}
