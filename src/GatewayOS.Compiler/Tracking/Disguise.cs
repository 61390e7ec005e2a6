using System.Runtime.InteropServices;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Connections;

namespace GatewayOS.Compiler.Tracking;

/// <summary>What has been done to packets before they ask conntrack, if it was something that conntrack does not do: stateless NAT, or a ping that was answered in its place.</summary>
/// <remarks>The device finds a connection by the packet that came in, conntrack by the one that asks.</remarks>
/// <param name="Source">The source that was rewritten.</param>
/// <param name="Destination">The destination that was rewritten.</param>
/// <param name="IsAnswer">The packets are answers to pings (<see cref="Turn.Echo"/>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Disguise(AddressChange? Source, AddressChange? Destination, bool IsAnswer)
{
    // RFC 792, RFC 4443.
    private const byte EchoRequest = 8, Icmpv6EchoRequest = 128;

    /// <summary>How packets that ask with a 5-tuple came in; null if no packet asks with it in this disguise.</summary>
    public ConnectionTuple? Before(ConnectionTuple asked)
    {
        if (IsAnswer)
        {
            return asked.Reversed is var request && request.IsIcmp && request.IcmpType is EchoRequest or Icmpv6EchoRequest ? request : null;
        }

        return Source?.Matches(asked.Source) == false || Destination?.Matches(asked.Destination) == false
            ? null
            : asked with { Source = Source?.From ?? asked.Source, Destination = Destination?.From ?? asked.Destination };
    }

    /// <summary>Whether packets that come in so may take a way that does this to them.</summary>
    public bool MayTake(ConnectionTuple came) => IsAnswer
        ? IsPing(came)
        : Source?.MayBeFrom(came.Source) != false && Destination?.MayBeFrom(came.Destination) != false;

    private static bool IsPing(ConnectionTuple tuple) => tuple.IsIcmp && tuple.IcmpType is EchoRequest or Icmpv6EchoRequest;
}
