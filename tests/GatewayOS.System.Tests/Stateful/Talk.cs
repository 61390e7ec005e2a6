using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>One connection after another by the same addresses and ports: chooses what one of the ends sends next, and learns from what came to the other.</summary>
/// <remarks>What the server sees, and so answers to, is what came to it: translated or not, on whichever machine a load balancer chose.</remarks>
internal abstract class Talk(Route route, Dice dice)
{
    // Port unreachable, prohibited, packet too big, time exceeded.
    private static readonly (byte Type, byte Code)[] s_errors4 = [(3, 3), (3, 10), (3, 4), (11, 0)];
    private static readonly (byte Type, byte Code)[] s_errors6 = [(1, 4), (1, 1), (2, 0), (3, 0)];

    /// <summary>After so long a silence all trackers still know a connection.</summary>
    private static readonly TimeSpan s_known = TimeSpan.FromSeconds(20);

    private readonly List<string> _history = [];
    private long _last = TimeProvider.System.GetTimestamp();
    private Arrival? _toServer, _toServerFast, _toClient;
    private PortChoice? _ports;
    private string _intent = "";
    private bool _fromClient;

    public Route Route => route;

    /// <summary>Answered, so that the device may have it.</summary>
    public abstract bool IsEstablished { get; }

    /// <summary>Has ended, and nothing new is to come by these ports.</summary>
    public abstract bool IsOver { get; }

    /// <summary>A tracker forgets it within a minute or so.</summary>
    public abstract bool IsShortLived { get; }

    /// <summary>Has been silent for so long that it depends on when an agent looked whether a tracker still knows it: it is refreshed some seconds after its last packet.</summary>
    public bool IsOfChance => IsShortLived && IsUndecided(TimeProvider.System.GetElapsedTime(_last));

    /// <summary>By the ports of a connection that has ended. If a tracker has not seen that end, this is no new connection to it, and a device does not get it.</summary>
    public virtual bool IsReopened => false;

    /// <summary>Was established, and this was waited for once: until the device has it.</summary>
    public bool WasWaitedFor { get; set; }

    /// <summary>A device was seen to forward it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What has happened to it that its next packet is to show.</summary>
    public string? Awaits { get; set; }

    /// <summary>Where its packets came out last.</summary>
    public string? ServerNode => _toServer?.Node;

    /// <summary>Sends nothing before this, to see its end by a timeout.</summary>
    public TimeSpan? SleepsUntil { get; set; }

    public abstract byte Protocol { get; }

    public ushort ClientPort { get; init; }

    public ushort ServerPort { get; init; }

    /// <summary>Those that tell it from others, wherever it is tracked: the client's, and what a NAT made of it.</summary>
    public IEnumerable<ushort> Ports => _ports is { } chosen ? [ClientPort, chosen.Stock, chosen.Fast] : [ClientPort];

    /// <summary>How it went, for a difference to be understood.</summary>
    public string History => string.Join('\n', _history);

    public string Last => _history.LastOrDefault(line => line[2] != '-') ?? "";

    protected Dice Dice => dice;

    protected bool ServerIsKnown => _toServer is not null;

    /// <summary>What is to be sent next.</summary>
    public Order Next()
    {
        (_intent, _fromClient, var packet) = Choose();
        _last = TimeProvider.System.GetTimestamp();
        // By a SYN a tracker may begin anew.
        var isOpening = packet.Protocol == Packet.Tcp && (packet.Flags & (Packet.Syn | Packet.Ack)) == Packet.Syn;
        return _fromClient ? new Order(route.Client, packet, packet, isOpening ? null : _ports) : new Order(_toServer!.Node, packet, AsFast(packet), _ports);
    }

    public string Learn(Sent sent, string when)
    {
        var fromClient = _fromClient;
        _history.Add($"  {when} {_intent}: {sent.Node} sends {sent.Packet}; {(sent.Stock.Count == 0 ? "nothing comes" : string.Join(", ", sent.Stock.Select(one => $"{one.Node} gets {Packet.Read(one.Frame)}")))}");
        if (sent.Stock is [var arrival] && sent.Packet.Quoted is null)
        {
            if (fromClient)
            {
                (_toServer, _toServerFast) = (arrival, sent.Fast is [var other] ? other : arrival);
                _ports = new PortChoice(Packet.Read(_toServer.Frame)!.SourcePort, Packet.Read(_toServerFast.Frame)!.SourcePort);
            }
            else
            {
                _toClient = arrival;
            }
        }

        Learn(sent.Packet, fromClient, sent.Stock.Count > 0);
        return _intent;
    }

    public void Note(string line) => _history.Add($"  -- {line}");

    protected abstract (string Intent, bool FromClient, Packet Packet) Choose();

    protected static bool IsUndecided(TimeSpan silence) => silence > s_known && silence < Interleaving.Sleep;

    protected abstract void Learn(Packet packet, bool fromClient, bool arrived);

    /// <summary>Forgets who answered: the next first packet may come to another.</summary>
    protected void ForgetServer() => (_toServer, _toServerFast, _toClient, _ports, WasWaitedFor, IsTaken) = (null, null, null, null, false, false);

    /// <summary>A packet of one end to the other, without what is above the ports.</summary>
    protected Packet From(bool client)
    {
        if (client)
        {
            return new Packet
            {
                EthSource = route.ClientMac,
                EthDestination = route.FirstHop,
                Source = route.Source,
                Destination = route.Destination,
                Protocol = Protocol,
                SourcePort = ClientPort,
                DestinationPort = ServerPort,
            };
        }

        var seen = Packet.Read(_toServer!.Frame)!;
        return new Packet
        {
            EthSource = seen.EthDestination,
            EthDestination = seen.EthSource,
            Source = seen.Destination,
            Destination = seen.Source,
            Protocol = Protocol,
            SourcePort = seen.IsIcmp ? seen.SourcePort : seen.DestinationPort,
            DestinationPort = seen.IsIcmp ? seen.DestinationPort : seen.SourcePort,
        };
    }

    // A server answers to the port that it sees, which may be another there.
    private Packet AsFast(Packet packet) => packet switch
    {
        { Quoted: not null } => packet with { Quoted = Packet.QuoteOf(_toServerFast!.Frame) },
        { IsIcmp: true } => packet with { SourcePort = Chosen(packet.SourcePort) },
        _ => packet with { DestinationPort = Chosen(packet.DestinationPort) },
    };

    private ushort Chosen(ushort port) => _ports is { } ports && ports.Stock == port ? ports.Fast : port;

    /// <summary>An ICMP error about the last packet that came to an end; null if none has.</summary>
    protected (string, bool, Packet)? Error()
    {
        var byClient = _toClient is not null && dice.Percent(50);
        if ((byClient ? _toClient : _toServer) is not { } about)
        {
            return null;
        }

        var seen = Packet.Read(about.Frame)!;
        var (type, code) = dice.Pick(seen.IsIpv6 ? s_errors6 : s_errors4);
        return ("ICMP error", byClient, From(byClient) with
        {
            Source = seen.Destination,
            Destination = seen.Source,
            Protocol = seen.IsIpv6 ? Packet.Icmp6 : Packet.Icmp,
            IcmpType = type,
            IcmpCode = code,
            SourcePort = 0,
            DestinationPort = (ushort)(type is 2 || (type, code) is (3, 4) ? 1400 : 0),
            Quoted = Packet.QuoteOf(about.Frame),
        });
    }
}
