using System.Globalization;
using System.Net;
using GatewayOS.Lab.Running;
using GatewayOS.Testing;
using GatewayOS.Vswitchd;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Many connections at once, each a packet at a time, while the network changes.</summary>
/// <param name="lab">Both networks.</param>
/// <param name="seed">What is drawn.</param>
/// <param name="least">What has to happen, and how often.</param>
/// <param name="log">What is done.</param>
internal sealed class Interleaving(StatefulLab lab, ulong seed, IReadOnlyDictionary<string, int> least, ITestOutputHelper log)
{
    private const int Talks = 40, Batch = 12, Sleepers = 15, Most = 5, BatchesBetweenChanges = 20;

    /// <summary>
    /// How long a connection is idle for it to be over everywhere: 60 s in OVS where a zone has seen one direction only, and 20 s that the agent may take to see that it is idle. In less, it depends on when the
    /// agent looked.
    /// </summary>
    public static TimeSpan Sleep { get; } = TimeSpan.FromSeconds(85);

    private readonly Dice _dice = new(seed);
    private readonly Deck<(string Kind, char Protocol)> _routes = new(
        [.. from kind in Route.All.Select(route => route.Kind).Distinct() from protocol in "tue" where protocol != 'e' || !Route.All.First(route => route.Kind == kind).IsBalanced select (kind, protocol)],
        new Dice(seed));

    private readonly Deck<string> _changes = new(Change.Kinds, new Dice(seed + 1));
    private readonly List<Talk> _talks = [];
    private readonly List<string> _differences = [];
    private IReadOnlyList<Talk> _last = [];
    private readonly HashSet<(string, IPAddress, IPAddress, byte, ushort, ushort)> _tuples = [];
    private readonly Takeover _takeover = new(lab.Fast);
    private Change? _change;
    private ushort _port = 20000;

    /// <summary>How it went where packets differ.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>What happened: kinds of packets, of changes with a live connection that they concern, of connections that a device was seen to have.</summary>
    public Tally Events { get; } = new();

    /// <summary>What speaks against connections that no device has.</summary>
    public Tally Obstacles { get; } = new();

    /// <summary>Connections by fresh ports that a device should take.</summary>
    public int Waited { get; private set; }

    /// <summary>Those that one took.</summary>
    public int Taken { get; private set; }

    /// <summary>Connections for which OVS's NAT chose another port where there is a fast path.</summary>
    public int OtherPorts { get; private set; }

    /// <summary>Runs so long, and longer until everything has happened that has to.</summary>
    /// <exception cref="LabException">A program that a lab started has ended.</exception>
    public async Task RunAsync(TimeSpan duration, TimeSpan longest, CancellationToken token)
    {
        try
        {
            await ExchangeAsync(duration, longest, token);
        }
        catch (Exception e) when (e is LabException or UnixctlException)
        {
            // Who asks a program that has died learns only that it does not answer.
            if (Record.Exception(lab.AssertAlive) is { } dead)
            {
                throw new LabException($"{dead.Message}\nWhat was sent last:\n{string.Join('\n', _last.Select(talk => $"{talk.Route}, client port {talk.ClientPort}: {talk.Last}; expires: {lab.Expiry?.Describe(talk)}"))}");
            }

            throw;
        }
    }

    private async Task ExchangeAsync(TimeSpan duration, TimeSpan longest, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(start);
        for (var batch = 1; Elapsed() < duration || (Elapsed() < longest && Events.Missing(least).Any()); batch++)
        {
            token.ThrowIfCancellationRequested();
            Wake(Elapsed());
            if (Elapsed() > duration / 8 && Elapsed() + Sleep < duration && Events["timeout"] == 0 && !_talks.Exists(talk => talk.SleepsUntil is not null))
            {
                LayDown(Elapsed());
            }

            if (lab.Expiry is { } expiry)
            {
                await expiry.LookAsync(token);
            }

            while (_talks.Count(IsAwake) < Talks)
            {
                _talks.Add(NewTalk());
            }

            _differences.AddRange(Exchange(string.Create(CultureInfo.InvariantCulture, $"{batch}, {Elapsed().TotalSeconds:f1} s")));
            lab.AssertAlive();
            var isTimeForChange = batch % BatchesBetweenChanges == 0;
            if (isTimeForChange || _dice.Percent(25))
            {
                await WaitAsync(token);
            }

            if (isTimeForChange)
            {
                await ChangeAsync(token);
            }
        }
    }

    private bool IsAwake(Talk talk) => talk.SleepsUntil is null && lab.Expiry?.IsNear(talk) is not true && !talk.IsOfChance && !MayBeKnownNoMore(talk);

    // What is left when a floating IP goes depends on the second where the router has a zone for SNAT alone: that sees one direction of TCP, forgets it every 30 s, and learns it anew by the next packet, which a device may have forwarded.
    private bool MayBeKnownNoMore(Talk talk) => lab.HasZonesApart && talk.Protocol == Packet.Tcp && talk.Route.IsTranslatedInward && _change?.Concerns(talk) is true;

    private void LayDown(TimeSpan now)
    {
        foreach (var talk in _talks.Where(talk => talk.IsShortLived).OrderByDescending(talk => talk.IsTaken).Take(Sleepers))
        {
            talk.SleepsUntil = now + Sleep;
            talk.Note("sleeps");
        }
    }

    private void Wake(TimeSpan now)
    {
        foreach (var talk in _talks.Where(talk => talk.SleepsUntil < now))
        {
            talk.SleepsUntil = null;
            talk.Awaits = "timeout";
            talk.Note("wakes");
        }
    }

    private Talk NewTalk()
    {
        var (kind, protocol) = _routes.Deal();
        while (true)
        {
            var route = _dice.Pick([.. Route.All.Where(route => route.Kind == kind)]);
            var fork = new Dice(_dice.Next());
            // Machines behind the same SNAT that use the same port collide, and one of them is given another.
            var port = _dice.Percent(20) && _talks.Count > 0 ? _dice.Pick(_talks).ClientPort : ++_port;
            var serverPort = route.IsBalanced ? Route.ServerPorts[0] : _dice.Percent(25) ? Route.ServerPorts[1] : Route.ServerPorts[0];
            Talk talk = protocol == 't' ? new TcpTalk(route, fork, lab.CanReuse) { ClientPort = port, ServerPort = serverPort }
                : new DatagramTalk(route, fork, isEcho: protocol == 'e') { ClientPort = port, ServerPort = serverPort };
            // Two talks with the same tuple would be one connection to the network.
            if (_tuples.Add(Tuple(talk)))
            {
                return talk;
            }
        }
    }

    private static (string, IPAddress, IPAddress, byte, ushort, ushort) Tuple(Talk talk) =>
        (talk.Route.Client, talk.Route.Source, talk.Route.Destination, talk.Protocol, talk.ClientPort, talk.Protocol is Packet.Tcp or Packet.Udp ? talk.ServerPort : (ushort)0);

    private List<string> Exchange(string when)
    {
        // Packets that could collide in a NAT go one after the other: which of two gets a port must not depend on which is faster.
        var chosen = new List<Talk>();
        var candidates = _talks.Where(IsAwake).ToList();
        foreach (var talk in (Talk[])[.. candidates.Where(talk => talk.Awaits is not null).Take(Batch), .. Enumerable.Range(0, Batch).Select(_ => _dice.Pick(candidates))])
        {
            if (chosen.Count < Batch && !chosen.Exists(other => other.ClientPort == talk.ClientPort))
            {
                chosen.Add(talk);
            }
        }

        _last = chosen;
        var found = new List<string>();
        var sent = lab.Sides.Exchange([.. chosen.Select(talk => talk.Next())]);
        foreach (var (talk, one) in chosen.Zip(sent))
        {
            Events.Count(talk.Learn(one, when));
            if (talk.Awaits is { } awaited)
            {
                Events.Count(awaited);
                talk.Awaits = null;
            }

            if (one.Difference is { } difference)
            {
                _talks.Remove(talk);
                if (_differences.Count + found.Count < Most)
                {
                    found.Add($"{talk.Route}, client port {talk.ClientPort}\n{talk.History}\n{difference}");
                }
            }
            else if (one.Order.Ports is null && one.Choice is { IsSame: false })
            {
                OtherPorts++;
            }
            else if (_dice.Percent(talk.IsOver ? 12 : 1))
            {
                _talks.Remove(talk);
            }
        }

        return found;
    }

    private async Task WaitAsync(CancellationToken token)
    {
        List<Talk> established = [.. _talks.Where(talk => talk.IsEstablished)];
        List<Talk> fresh = [.. established.Where(talk => talk is { WasWaitedFor: false, IsReopened: false })];
        if (fresh.Count == 0)
        {
            return;
        }

        var before = established.Where(talk => talk.IsTaken).ToHashSet();
        var obstacles = await _takeover.WaitAsync(established, talk => !talk.IsReopened && !talk.WasWaitedFor, token);
        foreach (var talk in established.Where(talk => talk.IsTaken && !before.Contains(talk)))
        {
            Events.Count(OnDevice(talk.Route.Kind, talk.Protocol));
            if (talk.IsReopened)
            {
                Events.Count("port reuse on a device");
            }
        }

        foreach (var talk in fresh)
        {
            talk.WasWaitedFor = true;
            if (obstacles.TryGetValue(talk, out var obstacle))
            {
                Obstacles.Count($"{talk.Route.Kind} {ProtocolName(talk.Protocol)}: {obstacle}");
            }
        }

        Waited += fresh.Count;
        Taken += fresh.Count(talk => talk.IsTaken);
    }

    /// <summary>The name of the event that a device was seen to have such a connection.</summary>
    public static string OnDevice(string route, byte protocol) => $"{route} {ProtocolName(protocol)} on a device";

    private static string ProtocolName(byte protocol) => protocol switch { Packet.Tcp => "TCP", Packet.Udp => "UDP", _ => "ICMP" };

    private async Task ChangeAsync(CancellationToken token)
    {
        if (_change is { } last)
        {
            await lab.OnBothAsync(side => last.Undo(side, token));
            Tell($"undone: {last.Name}", Change.Undone(last.Kind), talk => last.Concerns(talk) && talk.IsEstablished);
        }

        bool IsOfUse(Change change) => change != _change && _talks.Exists(talk => talk is { IsTaken: true, SleepsUntil: null } && change.Concerns(talk));
        _change = _changes.TryDeal(kind => Change.All.Any(change => change.Kind == kind && IsOfUse(change)), out var dealt)
            ? _dice.Pick([.. Change.All.Where(change => change.Kind == dealt && IsOfUse(change))]) : null;
        if (_change is { } next)
        {
            await lab.OnBothAsync(side => next.Apply(side, token));
            Tell(next.Name, next.Kind, talk => next.Concerns(talk) && talk.IsTaken);
        }

        await lab.OnBothAsync(side => Convergence.SettleAsync(side, token));
    }

    private void Tell(string what, string kind, Func<Talk, bool> concerns)
    {
        log.WriteLine(what);
        foreach (var talk in _talks)
        {
            talk.Note(what);
            if (talk.SleepsUntil is null && concerns(talk))
            {
                talk.Awaits = kind;
            }
        }
    }
}
