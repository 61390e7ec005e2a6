using GatewayOS.Compiler.Automaton;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>
/// A ping that is answered in its place, as routers answer for their own addresses (northd.c, "ICMP echo reply"): the addresses change places, the type
/// becomes that of the answer, the hop count begins anew, and the packet goes on.
/// </summary>
/// <param name="Type">The type of the answer.</param>
/// <param name="Ttl">Its hop count.</param>
public sealed record EchoAnswer(byte Type, byte Ttl)
{
    /// <summary>The number of actions that say it.</summary>
    public const int Actions = 3;

    /// <summary>The answer that the actions from <paramref name="index"/> on make of a packet, or null if they do something else.</summary>
    /// <remarks>That it is ICMP is a prerequisite of the last of them, and so a part of the flow's match.</remarks>
    public static EchoAnswer? At(IReadOnlyList<ActionNode> actions, int index, PacketClass packetClass)
    {
        var (ip, icmp) = packetClass == PacketClass.Ipv4 ? ("ip4", "icmp4") : ("ip6", "icmp6");
        return actions.Count >= index + Actions
            && actions[index] is ActionNode.Exchange { Left: { IsWhole: true, Field.Name: var left }, Right: { IsWhole: true, Field.Name: var right } }
            && (left, right) is var ends && (ends == (ip + ".dst", ip + ".src") || ends == (ip + ".src", ip + ".dst"))
            && actions[index + 1] is ActionNode.Load { Destination: { IsWhole: true, Field.Name: "ip.ttl" }, Value: { Mask: null, Value: var ttl } }
            && actions[index + 2] is ActionNode.Load { Destination: { IsWhole: true, Field.Name: var field }, Value: { Mask: null, Value: var type } }
            && field == icmp + ".type"
            ? new EchoAnswer((byte)type, (byte)ttl) : null;
    }

    /// <summary>What a value is by the fields of the answer. Of the type that the request had nothing is left.</summary>
    public static Bits Rename(Bits value) => value.Map(segment => segment switch
    {
        { Knowledge: Knowledge.Alias, Field: KeyField.Source } => segment with { Field = KeyField.Destination },
        { Knowledge: Knowledge.Alias, Field: KeyField.Destination } => segment with { Field = KeyField.Source },
        { Knowledge: Knowledge.Alias, Field: KeyField.L4Source } => new Segment(segment.Offset, segment.Width, Knowledge.Unknown, 0, default, 0),
        _ => segment,
    });
}
