namespace GatewayOS.Compiler.Network;

/// <summary>What an evaluation can depend on besides logical flows.</summary>
public enum InputKind
{
    /// <summary>The device and the host around it, as far as tunnels are not concerned.</summary>
    Device,

    /// <summary>Rows that all chassis share and that seldom change: HA groups, MAC mappings of chassis.</summary>
    Chassis,

    /// <summary>The tunnel to a chassis (Chassis UUID).</summary>
    Tunnel,

    /// <summary>A datapath's binding (UUID).</summary>
    Datapath,

    /// <summary>A port's binding (logical port).</summary>
    Port,

    /// <summary>The localnet port of a datapath (UUID).</summary>
    Localnet,

    /// <summary>Which ports of a datapath have several chassis (UUID).</summary>
    PortsOfSeveral,

    /// <summary>Whether this chassis takes part in a datapath (UUID).</summary>
    Local,

    /// <summary>The routers of a switch (datapath).</summary>
    Routers,

    /// <summary>A multicast group (datapath, name).</summary>
    Group,

    /// <summary>The neighbours of a router port (logical port).</summary>
    Neighbors,

    /// <summary>The addresses learned on a switch (datapath).</summary>
    LearnedAddresses,

    /// <summary>The input ports that a datapath's egress pipeline asks about (datapath).</summary>
    EgressInPorts,

    /// <summary>The ports of a switch that have an IP address (datapath, address).</summary>
    Address,

    /// <summary>The load balancers that have an address, as their own or as a backend's (address).</summary>
    LoadBalancer,

    /// <summary>What copies of a packet leave for each other in the egress pipeline of a datapath.</summary>
    EgressTraces,
}
