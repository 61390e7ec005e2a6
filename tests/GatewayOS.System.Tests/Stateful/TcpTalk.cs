using System.Diagnostics;
using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>TCP: opens, exchanges, closes in one way or another, and, if it may, opens again by the same ports.</summary>
internal sealed class TcpTalk(Route route, Dice dice, bool mayReuse) : Talk(route, dice)
{
    private const uint FarOut = 1u << 28;

    private readonly End _client = new(), _server = new();
    private Packet? _last;
    private bool _lastFromClient, _isReopened;
    private Stage _stage;

    private enum Stage
    {
        Closed,
        SynSent,
        SynAnswered,
        Established,
        Closing,
        Ended,
    }

    public override byte Protocol => Packet.Tcp;

    public override bool IsEstablished => _stage == Stage.Established;

    public override bool IsReopened => _isReopened;

    public override bool IsOver => _stage == Stage.Ended && !mayReuse;

    public override bool IsShortLived => _stage is Stage.SynSent or Stage.SynAnswered or Stage.Ended;

    protected override (string Intent, bool FromClient, Packet Packet) Choose()
    {
        var choice = _stage switch
        {
            Stage.Closed => Dice.Weighted((90, Syn), (5, Stray), (5, (Func<(string, bool, Packet)>)(() => ("lone SYN-ACK", true, Segment(true, Packet.Syn | Packet.Ack))))),
            Stage.SynSent when !ServerIsKnown => Syn,
            Stage.SynSent => Dice.Weighted((86, SynAck), (5, Again), (3, () => Reset(false)), (3, () => Data(true)), (3, Errors)),
            Stage.SynAnswered => Dice.Weighted((82, () => Acknowledge(true)), (8, () => Data(true)), (4, SynAck), (3, () => Reset(true)), (3, Errors)),
            Stage.Established => Dice.Weighted(
                (28, () => Data(true)), (28, () => Data(false)), (6, () => Acknowledge(true)), (6, () => Acknowledge(false)), (5, Again), (4, OutOfWindow), (3, KeepAlive), (2, Bare),
                (1, Christmas), (6, Errors), (4, () => Finish(true)), (3, () => Finish(false)), (1, () => Reset(true)), (1, () => Reset(false)), (2, Syn), (1, SynAck)),
            Stage.Closing => Dice.Weighted(
                (22, () => Finish(!_client.HasFinished || _server.HasFinished)), (20, () => Data(_server.HasFinished)), (6, () => Data(_client.HasFinished)),
                (8, () => Acknowledge(true)), (8, () => Acknowledge(false)), (4, Again), (4, Errors), (3, OutOfWindow), (2, () => Reset(true)), (2, () => Reset(false)), (2, Syn)),
            Stage.Ended => Dice.Weighted((mayReuse ? 40 : 0, Syn), (15, () => Acknowledge(true)), (15, () => Acknowledge(false)), (10, () => Data(true)), (10, () => Data(false)), (5, Errors), (5, Again)),
            _ => throw new UnreachableException(),
        };
        return choice();
    }

    protected override void Learn(Packet packet, bool fromClient, bool arrived)
    {
        if (packet.Quoted is not null)
        {
            return;
        }

        (_last, _lastFromClient) = (packet, fromClient);
        var (own, other) = fromClient ? (_client, _server) : (_server, _client);
        if (arrived && (packet.Sequence - own.Next) < FarOut / 2)
        {
            own.Next = packet.Sequence + (uint)packet.Length + ((packet.Flags & (Packet.Syn | Packet.Fin)) != 0 ? 1u : 0);
            other.Seen = own.Next;
        }

        if ((packet.Flags & Packet.Rst) != 0)
        {
            _stage = Stage.Ended;
        }
        else if ((packet.Flags & (Packet.Syn | Packet.Fin)) == Packet.Fin && (packet.Flags & Packet.Ack) != 0)
        {
            own.HasFinished = true;
            _stage = _client.HasFinished && _server.HasFinished ? Stage.Ended : _stage == Stage.Ended ? Stage.Ended : Stage.Closing;
        }
        else if ((packet.Flags & (Packet.Syn | Packet.Ack | Packet.Fin)) == Packet.Syn)
        {
            _stage = _stage is Stage.Closed or Stage.Ended or Stage.SynSent ? Stage.SynSent : _stage;
        }
        else if (!arrived)
        {
            return;
        }
        else if ((packet.Flags & Packet.Syn) != 0)
        {
            _stage = _stage == Stage.SynSent && !fromClient ? Stage.SynAnswered : _stage;
        }
        else if (fromClient && _stage == Stage.SynAnswered && (packet.Flags & Packet.Ack) != 0)
        {
            _stage = Stage.Established;
        }
    }

    private (string, bool, Packet) Syn()
    {
        var intent = _stage == Stage.Closed ? "SYN" : _stage == Stage.Ended ? "port reuse" : "SYN again";
        if (_stage is Stage.Closed or Stage.Ended)
        {
            _client.Begin(Dice);
            _server.Begin(Dice);
        }

        if (_stage == Stage.Ended)
        {
            ForgetServer();
            _isReopened = true;
        }

        return (intent, true, Segment(true, Packet.Syn));
    }

    private (string, bool, Packet) SynAck() => ("SYN-ACK", false, Segment(false, Packet.Syn | Packet.Ack));

    private (string, bool, Packet) Stray() => ("data of no connection", true, Segment(true, Packet.Ack | Packet.Psh) with { Length = 40 });

    private (string, bool, Packet) Acknowledge(bool client) => ("ACK", client, Segment(client, Packet.Ack));

    private (string, bool, Packet) Data(bool client) =>
        (_client.HasFinished != _server.HasFinished && (client ? _server : _client).HasFinished ? "half-close" : "data", client, Segment(client, Dice.Percent(70) ? (byte)(Packet.Ack | Packet.Psh) : Packet.Ack) with { Length = Dice.OneOf(1, 40, 333, 1300) });

    private (string, bool, Packet) Finish(bool client) => ("FIN", client, Segment(client, Packet.Fin | Packet.Ack));

    private (string, bool, Packet) Reset(bool client) => ("RST", client, Segment(client, Dice.Percent(50) ? Packet.Rst : (byte)(Packet.Rst | Packet.Ack)));

    private (string, bool, Packet) OutOfWindow()
    {
        var client = Dice.Percent(50);
        var sent = Segment(client, Packet.Ack) with { Length = Dice.OneOf(0, 100) };
        return ("out of window", client, Dice.Percent(50) ? sent with { Sequence = sent.Sequence + FarOut } : sent with { Acknowledgement = sent.Acknowledgement + FarOut });
    }

    private (string, bool, Packet) KeepAlive()
    {
        var client = Dice.Percent(50);
        var sent = Segment(client, Packet.Ack);
        return ("keep-alive", client, sent with { Sequence = sent.Sequence - 1 });
    }

    private (string, bool, Packet) Bare()
    {
        var client = Dice.Percent(50);
        return ("no ACK", client, Segment(client, Dice.OneOf<byte>(0, Packet.Psh)) with { Length = 20 });
    }

    private (string, bool, Packet) Christmas()
    {
        var client = Dice.Percent(50);
        return ("flags that exclude each other", client, Segment(client, Dice.OneOf<byte>(Packet.Syn | Packet.Fin, Packet.Syn | Packet.Rst, Packet.Fin)));
    }

    private (string, bool, Packet) Again() => _last is null || (!_lastFromClient && !ServerIsKnown) ? Acknowledge(true) : ("again", _lastFromClient, _last);

    private (string, bool, Packet) Errors() => Error() ?? Acknowledge(true);

    private Packet Segment(bool client, byte flags)
    {
        var own = client ? _client : _server;
        return From(client) with { Sequence = own.Next, Acknowledgement = (flags & Packet.Ack) != 0 ? own.Seen : 0, Flags = flags };
    }

    private sealed class End
    {
        public uint Next { get; set; }

        public uint Seen { get; set; }

        public bool HasFinished { get; set; }

        public void Begin(Dice dice) => (Next, Seen, HasFinished) = ((uint)dice.Next(), 0, false);
    }
}
