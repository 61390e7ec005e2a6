using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using static GatewayOS.Compiler.Evaluation.KnownFields;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Fields of a packet that change places. Whatever is looked up behind it is looked up by the fields as they are then.</summary>
public abstract record Turn
{
    private Turn()
    {
    }

    /// <summary>What a value is by the fields behind the turn.</summary>
    public Bits Rename(Bits value) => value.Map(segment => segment.Knowledge == Knowledge.Alias ? Rename(segment) : segment);

    /// <summary>What was to be done to the packet before, as it is to be done behind the turn.</summary>
    public abstract Edits Behind(Edits before);

    protected abstract Segment Rename(Segment alias);

    /// <summary>
    /// A ping is answered in its place, as routers do for their own addresses (northd.c, "ICMP echo reply"): the addresses change places, the type
    /// becomes that of the answer, and the hop count begins anew.
    /// </summary>
    /// <param name="Type">The type of the answer.</param>
    /// <param name="Ttl">Its hop count.</param>
    public sealed record Echo(byte Type, byte Ttl) : Turn
    {
        /// <summary>The number of actions that say it.</summary>
        public const int Actions = 3;

        /// <summary>The answer that the actions from <paramref name="index"/> on make of a packet, or null if they do something else.</summary>
        /// <remarks>That it is ICMP is a prerequisite of the last of them, and so a part of the flow's match.</remarks>
        public static Echo? At(IReadOnlyList<ActionNode> actions, int index, PacketClass packetClass)
        {
            var (ip, icmp) = packetClass.IsIpv6() ? ("ip6", "icmp6") : ("ip4", "icmp4");
            return actions.Count >= index + Actions
                && actions[index] is ActionNode.Exchange { Left: { IsWhole: true, Field.Name: var left }, Right: { IsWhole: true, Field.Name: var right } }
                && (left, right) is var ends && (ends == (ip + ".dst", ip + ".src") || ends == (ip + ".src", ip + ".dst"))
                && actions[index + 1] is ActionNode.Load { Destination: { IsWhole: true, Field.Name: "ip.ttl" }, Value: { Mask: null, Value: var ttl } }
                && actions[index + 2] is ActionNode.Load { Destination: { IsWhole: true, Field.Name: var field }, Value: { Mask: null, Value: var type } }
                && field == icmp + ".type"
                ? new Echo((byte)type, (byte)ttl) : null;
        }

        public override Edits Behind(Edits before) => before with { TtlDecrement = 0, Source = before.Destination, Destination = before.Source };

        // Of the type that the request had nothing is left.
        protected override Segment Rename(Segment alias) =>
            alias.Field == KeyField.Source ? alias with { Field = KeyField.Destination }
            : alias.Field == KeyField.Destination ? alias with { Field = KeyField.Source }
            : alias.Field == KeyField.L4Source ? new Segment(alias.Offset, alias.Width, Knowledge.Unknown, 0, default, 0)
            : alias;
    }

    /// <summary>
    /// An ARP request is answered in its place (RFC 826; northd.c, "ARP responder" and "ARP reply"): who was asked for is the sender, and who asked the target.
    /// </summary>
    /// <param name="Address">The Ethernet address asked for.</param>
    public sealed record Answer(MacAddress Address) : Turn
    {
        /// <summary>The operation of an answer.</summary>
        public const byte Reply = 2;

        /// <summary>The answer that the actions from <paramref name="index"/> on make of a request, and how many they are; null if they do something else.</summary>
        public static (Answer Answer, int Actions)? At(IReadOnlyList<ActionNode> actions, int index, SymbolicState state)
        {
            if (!state.Class.IsArp() || actions.Count < index + 6 || !Moves(actions[index], "eth.dst", "eth.src")
                || Value(actions[index + 1], "eth.src", state) is not { } address || Value(actions[index + 2], "arp.op", state) != Reply
                || !Moves(actions[index + 3], "arp.tha", "arp.sha") || Value(actions[index + 4], "arp.sha", state) != address || state[ArpOperation].ConstantValue == Reply)
            {
                return null;
            }

            var answer = new Answer(new MacAddress((ulong)address));
            return actions[index + 5] is ActionNode.Exchange { Left: { IsWhole: true, Field.Name: var left }, Right: { IsWhole: true, Field.Name: var right } }
                && (left, right) is ("arp.tpa", "arp.spa") or ("arp.spa", "arp.tpa") ? (answer, 6)
                : actions.Count > index + 6 && Moves(actions[index + 5], "arp.tpa", "arp.spa")
                    && Value(actions[index + 6], "arp.spa", state) is { } asked && state[ArpDestination].ConstantValue == asked ? (answer, 7)
                : null;
        }

        public override Edits Behind(Edits before) => before with { EthSource = null, EthDestination = null };

        // Of the Ethernet address that the request went to nothing is left.
        protected override Segment Rename(Segment alias) =>
            alias.Field == KeyField.Source ? alias with { Field = KeyField.Destination }
            : alias.Field == KeyField.Destination ? alias with { Field = KeyField.Source }
            : alias.Field == KeyField.EthSource ? alias with { Field = KeyField.EthDestination }
            : alias.Field == KeyField.EthDestination ? new Segment(alias.Offset, alias.Width, Knowledge.Unknown, 0, default, 0)
            : alias;

        private static bool Moves(ActionNode action, string to, string from) =>
            action is ActionNode.Move { Destination: { IsWhole: true, Field.Name: var destination }, Source: { IsWhole: true, Field.Name: var source } } && destination == to && source == from;

        private static UInt128? Value(ActionNode action, string field, SymbolicState state) => action switch
        {
            ActionNode.Load { Destination: { IsWhole: true, Field.Name: var destination }, Value: { Mask: null, Value: var value } } when destination == field => value,
            ActionNode.Move { Destination: { IsWhole: true, Field.Name: var destination }, Source: var source } when destination == field => state[source.Bits].ConstantValue,
            _ => null,
        };
    }

    /// <summary>The Ethernet addresses change places.</summary>
    public sealed record Ethernet : Turn
    {
        public static readonly Ethernet Instance = new();

        public override Edits Behind(Edits before) => before with { EthSource = before.EthDestination, EthDestination = before.EthSource };

        protected override Segment Rename(Segment alias) =>
            alias.Field == KeyField.EthSource ? alias with { Field = KeyField.EthDestination }
            : alias.Field == KeyField.EthDestination ? alias with { Field = KeyField.EthSource }
            : alias;
    }
}
