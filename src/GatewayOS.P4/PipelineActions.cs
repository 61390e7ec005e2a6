namespace GatewayOS.P4;

/// <summary>Makes calls of the pipeline's actions; <c>p4/README.md</c> says what each does.</summary>
public static class PipelineActions
{
    public static ActionCall Deny { get; } = new(ActionNames.Deny, []);

    public static ActionCall Plain { get; } = new(ActionNames.Plain, []);

    /// <param name="inKey">What stands for the input port that VXLAN has no room for.</param>
    public static ActionCall KnownPeer(ushort inKey) => Call(ActionNames.KnownPeer, inKey);

    /// <param name="state">The first state.</param>
    /// <param name="inPort">The number of the logical ingress port.</param>
    /// <param name="inKey">Its tunnel key, for a <see cref="Geneve"/> whose own is 0.</param>
    /// <param name="space">The address space of the class bits.</param>
    public static ActionCall Enter(uint state, uint inPort, ushort inKey, ushort space) =>
        Call(ActionNames.Enter, state, inPort, inKey, space);

    public static ActionCall SetSrcClass(ulong bits) => Call(ActionNames.SetSrcClass, bits);

    public static ActionCall SetDstClass(ulong bits) => Call(ActionNames.SetDstClass, bits);

    public static ActionCall SetConnection(uint index) => Call(ActionNames.SetConnection, index);

    public static ActionCall Go(uint next) => Call(ActionNames.Go, next);

    public static ActionCall Go(uint next, HeaderEdits edits) =>
        edits.IsNone ? Go(next) : Call(ActionNames.GoEdit, [next, .. edits.Arguments]);

    public static ActionCall GoSrc4(uint next, uint address) => Call(ActionNames.GoSrc4, next, address);

    public static ActionCall GoDst4(uint next, uint address) => Call(ActionNames.GoDst4, next, address);

    public static ActionCall GoSrc6(uint next, UInt128 address) => Call(ActionNames.GoSrc6, next, address);

    public static ActionCall GoDst6(uint next, UInt128 address) => Call(ActionNames.GoDst6, next, address);

    public static ActionCall Turn(uint next, byte icmpType, byte ttl) => Call(ActionNames.Turn, next, icmpType, ttl);

    public static ActionCall TurnEth(uint next) => Call(ActionNames.TurnEth, next);

    /// <param name="next">The next state.</param>
    /// <param name="address">The Ethernet address that an ARP request asked for.</param>
    public static ActionCall Answer(uint next, ulong address) => Call(ActionNames.Answer, next, address);

    /// <param name="output">The key of <c>output</c>.</param>
    /// <param name="loop">The logical ingress port that must not receive its own packet; 0 allows all.</param>
    public static ActionCall Forward(ushort output, uint loop) => Call(ActionNames.Forward, output, loop);

    public static ActionCall Forward(ushort output, uint loop, HeaderEdits edits) =>
        edits.IsNone ? Forward(output, loop) : Call(ActionNames.ForwardEdit, [output, loop, .. edits.Arguments]);

    public static ActionCall Track(uint next, ushort reason) => Call(ActionNames.Track, next, reason);

    public static ActionCall Track(uint next, ushort reason, HeaderEdits edits) =>
        edits.IsNone ? Track(next, reason) : Call(ActionNames.TrackEdit, [next, reason, .. edits.Arguments]);

    public static ActionCall Punt(ushort reason) => Call(ActionNames.Punt, reason);

    public static ActionCall Finish4(ushort output, uint loop, HeaderEdits edits, ConnectionRewrite rewrite) =>
        Call(ActionNames.Finish4, [output, loop, .. edits.Arguments, .. rewrite.Arguments]);

    public static ActionCall Finish6(ushort output, uint loop, HeaderEdits edits, ConnectionRewrite rewrite) =>
        Call(ActionNames.Finish6, [output, loop, .. edits.Arguments, .. rewrite.Arguments]);

    /// <param name="port">The device port.</param>
    /// <param name="maxLength">Octets of the largest inner frame, from Ethernet destination to the end of the IP packet.</param>
    public static ActionCall Unicast(uint port, ushort maxLength) => Call(ActionNames.Unicast, port, maxLength);

    public static ActionCall Group(ushort multicastGroup, ushort maxLength) => Call(ActionNames.Group, multicastGroup, maxLength);

    /// <param name="maxLength">Larger packets are punted.</param>
    public static ActionCall Discard(ushort maxLength) => Call(ActionNames.Discard, maxLength);

    public static ActionCall Vlan(ushort vid) => Call(ActionNames.Vlan, vid);

    public static ActionCall Geneve(uint vni, ushort inKey, ushort outKey, ushort encap) =>
        Call(ActionNames.Geneve, vni, inKey, outKey, encap);

    public static ActionCall Vxlan(uint vni, ushort encap) => Call(ActionNames.Vxlan, vni, encap);

    public static ActionCall Outer4(ulong ethSrc, ulong ethDst, uint src, uint dst, byte tos, byte ttl, bool checksum) =>
        Call(ActionNames.Outer4, ethSrc, ethDst, src, dst, tos, ttl, checksum ? 1u : 0u);

    private static ActionCall Call(string name, params ReadOnlySpan<UInt128> values)
    {
        var parameters = Pipeline.Actions[name].Parameters;
        var arguments = new ActionArgument[parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = new ActionArgument(parameters[i].Name, values[i]);
        }

        return new ActionCall(name, [.. arguments]);
    }
}
