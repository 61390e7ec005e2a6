using System.Net;
using System.Net.Sockets;
using GatewayOS.Core;

namespace GatewayOS.Lab.Traffic;

/// <summary>Two nodes that talk; with NAT between, each knows the other by another address than its own.</summary>
/// <param name="Client">The node that starts.</param>
/// <param name="ClientAddress">Its own address.</param>
/// <param name="ClientSeenAs">What the server sees.</param>
/// <param name="Server">The node that answers.</param>
/// <param name="ServerAddress">Its own address.</param>
/// <param name="ServerSeenAs">What the client sends to.</param>
public sealed record Flow(
    string Client, IPAddress ClientAddress, IPAddress ClientSeenAs, string Server, IPAddress ServerAddress, IPAddress ServerSeenAs)
{
    /// <summary>Behind a load balancer, the others that may answer. Such an address has the port of the servers only: it answers no ping.</summary>
    public EquatableArray<FlowEnd> OtherServers { get; init; } = [];

    /// <summary>The chassis with a device that every packet passes; none when they differ from packet to packet, or nobody needs to know.</summary>
    public EquatableArray<string> Via { get; init; } = [];

    public EquatableArray<FlowEnd> Servers => [new(Server, ServerAddress), .. OtherServers];

    public bool IsBalanced => OtherServers.Count > 0;

    public bool IsIPv6 => ClientAddress.AddressFamily == AddressFamily.InterNetworkV6;

    public Flow Reversed => new(Server, ServerAddress, ServerSeenAs, Client, ClientAddress, ClientSeenAs) { Via = Via };
}

/// <param name="Node">Its name.</param>
/// <param name="Address">Its own address.</param>
public sealed record FlowEnd(string Node, IPAddress Address);
