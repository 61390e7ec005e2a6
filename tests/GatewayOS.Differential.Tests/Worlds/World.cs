using GatewayOS.Core;
using GatewayOS.Differential.Tests.Running;

namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>A topology for one gateway chassis; everything else is rows in the databases.</summary>
/// <param name="Northbound">Commands for ovn-nbctl(8), one a line.</param>
/// <param name="Local">Logical ports whose machines are on the chassis itself, each with a card of its own.</param>
/// <param name="Remote">Logical ports that are bound to other chassis.</param>
/// <param name="Learned">Neighbours that the router ports have learned (southbound MAC_Binding).</param>
/// <param name="Tunnels">The other chassis.</param>
/// <param name="Changes">Commands for ovn-nbctl(8), one after the other while packets are sent.</param>
internal sealed record World(
    string Name, string Northbound, EquatableArray<string> Local, EquatableArray<RemotePort> Remote, EquatableArray<LearnedNeighbor> Learned,
    EquatableArray<RemoteChassis> Tunnels, EquatableArray<string> Changes)
{
    /// <summary>The cards of the chassis; card 1 is the first.</summary>
    public EquatableArray<Card> Cards { get; } = [Card.Underlay, Card.Provider, .. Local.Select((port, index) => Card.Machine(index, port))];

    public override string ToString() => Name;
}

/// <param name="IsAdditional">The port is being moved, and the chassis is not its main one.</param>
internal sealed record RemotePort(string Port, string Chassis, bool IsAdditional = false);

internal sealed record LearnedNeighbor(string RouterPort, string Ip, MacAddress Mac);

/// <param name="Number">Its encapsulation address is 172.31.0.Number.</param>
/// <param name="Csum">Whether tunnel packets carry a UDP checksum, in both directions.</param>
/// <param name="IsVxlan">Its encapsulation is VXLAN, not Geneve.</param>
/// <param name="IsVtep">It is a VTEP switch, and says so.</param>
internal sealed record RemoteChassis(string Name, byte Number, bool Csum = true, bool IsVxlan = false, bool IsVtep = false)
{
    public string Ip => $"172.31.0.{Number}";

    /// <summary>Of its network card.</summary>
    public MacAddress Mac => new(0x0200_0031_0000UL | Number);
}
