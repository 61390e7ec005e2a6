using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>UDP, or ICMP echo, whose answers only an end sends that was asked.</summary>
internal sealed class DatagramTalk(Route route, Dice dice, bool isEcho) : Talk(route, dice)
{
    private bool _isAnswered;
    private long? _lastOdd;

    // Requests by the server's end are a connection of their own.
    private bool MayBeOdd => _lastOdd is not { } last || !IsUndecided(TimeProvider.System.GetElapsedTime(last));

    public override byte Protocol => !isEcho ? Packet.Udp : Route.IsIpv6 ? Packet.Icmp6 : Packet.Icmp;

    public override bool IsEstablished => _isAnswered;

    public override bool IsOver => false;

    public override bool IsShortLived => _isAnswered;

    protected override (string Intent, bool FromClient, Packet Packet) Choose()
    {
        if (ServerIsKnown && Dice.Percent(6) && Error() is { } error)
        {
            return error;
        }

        // An echo reply from the client's end belongs to no connection.
        var fromClient = !ServerIsKnown || Dice.Percent(50);
        var isOdd = isEcho && _isAnswered && Dice.Percent(4) && MayBeOdd;
        _lastOdd = isOdd ? TimeProvider.System.GetTimestamp() : _lastOdd;
        var (request, reply) = Protocol == Packet.Icmp6 ? ((byte)128, (byte)129) : ((byte)8, (byte)0);
        var type = !isEcho ? (byte)0 : fromClient != isOdd ? request : reply;
        return (isOdd ? "the other type" : fromClient ? "request" : "answer", fromClient, From(fromClient) with { IcmpType = type, Length = Dice.OneOf(0, 21, 500) });
    }

    protected override void Learn(Packet packet, bool fromClient, bool arrived) => _isAnswered |= arrived && !fromClient && packet.Quoted is null;
}
