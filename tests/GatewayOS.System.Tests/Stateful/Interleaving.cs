using System.Globalization;
using System.Net;
using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Many connections at once, each a packet at a time, while the network changes.</summary>
internal sealed class Interleaving(TwoSides sides, Takeover takeover, Func<Func<GatewayOS.Lab.Running.LabNetwork, Task>, Task> onBoth, ulong seed, bool canReuse, ITestOutputHelper log)
{
    private const int Talks = 40, Batch = 12, Sleepers = 15, Most = 5;

    /// <summary>How long a connection is idle for it to be over everywhere: 60 s in OVS, and 20 s that the agent may take to see that it is idle.</summary>
    private static readonly TimeSpan s_sleep = TimeSpan.FromSeconds(85);

    private readonly Dice _dice = new(seed);
    private readonly List<Talk> _talks = [];
    private readonly List<string> _differences = [];
    private readonly HashSet<uint> _reported = [];
    private readonly Dictionary<string, int> _intents = [];
    private readonly HashSet<(string, IPAddress, IPAddress, byte, ushort, ushort)> _tuples = [];
    private Change? _change;
    private bool _isMoved;
    private ushort _port = 20000;

    public IReadOnlyList<string> Differences => _differences;

    public int Waited { get; private set; }

    public int Taken { get; private set; }

    public int Changes { get; private set; }

    public int Woken { get; private set; }

    /// <summary>Connections for which OVS's NAT chose another port where there is a fast path.</summary>
    public int OtherPorts { get; private set; }

    public IReadOnlyDictionary<string, int> Intents => _intents;

    public async Task RunAsync(TimeSpan duration, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        TimeSpan Elapsed() => TimeProvider.System.GetElapsedTime(start);
        for (var batch = 1; Elapsed() < duration; batch++)
        {
            token.ThrowIfCancellationRequested();
            Wake(Elapsed());
            if (Elapsed() > duration / 8 && Elapsed() + s_sleep < duration && Woken == 0 && !_talks.Exists(talk => talk.SleepsUntil is not null))
            {
                LayDown(Elapsed());
            }

            while (_talks.Count(talk => talk.SleepsUntil is null) < Talks)
            {
                _talks.Add(NewTalk());
            }

            _differences.AddRange(Exchange(string.Create(CultureInfo.InvariantCulture, $"{batch}, {Elapsed().TotalSeconds:f1} s")));
            if (_dice.Percent(25))
            {
                await WaitAsync(token);
            }

            if (batch % 30 == 0)
            {
                await ChangeAsync(token);
            }
        }
    }

    private void LayDown(TimeSpan now)
    {
        foreach (var talk in _talks.Where(talk => talk.IsShortLived).Take(Sleepers))
        {
            talk.SleepsUntil = now + s_sleep;
            talk.Note("sleeps");
        }
    }

    private void Wake(TimeSpan now)
    {
        foreach (var talk in _talks.Where(talk => talk.SleepsUntil < now))
        {
            talk.SleepsUntil = null;
            talk.Note("wakes");
            Woken++;
        }
    }

    private Talk NewTalk()
    {
        var route = _dice.Pick(Route.All);
        var fork = new Dice(_dice.Next());
        // Machines behind the same SNAT that use the same port collide, and one of them is given another.
        var port = _dice.Percent(20) && _talks.Count > 0 ? _dice.Pick(_talks).ClientPort : ++_port;
        var serverPort = route.IsBalanced ? (ushort)7000 : _dice.OneOf<ushort>(7000, 7000, 7000, 7001);
        var kind = _dice.Weighted((70, 't'), (20, 'u'), (route.IsBalanced ? 0 : 10, 'e'));
        Talk talk = kind == 't' ? new TcpTalk(route, fork, canReuse || !route.IsTrackedAsItIs) { ClientPort = port, ServerPort = serverPort }
            : new DatagramTalk(route, fork, isEcho: kind == 'e') { ClientPort = port, ServerPort = serverPort };
        // Two talks with the same tuple would be one connection to the network.
        return _tuples.Add(Tuple(talk)) ? talk : NewTalk();
    }

    private static (string, IPAddress, IPAddress, byte, ushort, ushort) Tuple(Talk talk) =>
        (talk.Route.Client, talk.Route.Source, talk.Route.Destination, talk.Protocol, talk.ClientPort, talk.Protocol is Packet.Tcp or Packet.Udp ? talk.ServerPort : (ushort)0);

    private List<string> Exchange(string when)
    {
        // Packets that could collide in a NAT go one after the other: which of two gets a port must not depend on which is faster.
        var chosen = new List<Talk>();
        var candidates = _talks.Where(talk => talk.SleepsUntil is null).ToList();
        for (var i = 0; i < Batch; i++)
        {
            var talk = _dice.Pick(candidates);
            if (!chosen.Exists(other => other.ClientPort == talk.ClientPort))
            {
                chosen.Add(talk);
            }
        }

        var found = new List<string>();
        var sent = sides.Exchange([.. chosen.Select(talk => talk.Next())]);
        foreach (var (talk, one) in chosen.Zip(sent))
        {
            var intent = talk.Learn(one, when);
            _intents[intent] = _intents.GetValueOrDefault(intent) + 1;
            if (one.Difference is { } difference)
            {
                _reported.Add(one.Number);
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
        List<Talk> waiting = [.. _talks.Where(talk => talk is { IsEstablished: true, WasWaitedFor: false })];
        if (waiting.Count == 0)
        {
            return;
        }

        var taken = await takeover.WaitAsync(waiting, token);
        Waited += waiting.Count;
        Taken += taken;
        waiting.ForEach(talk => talk.WasWaitedFor = true);
    }

    private async Task ChangeAsync(CancellationToken token)
    {
        string what;
        if (_change is { } last)
        {
            what = $"undone: {last.Name}";
            await onBoth(lab => Change.RunAsync(lab, last.Undo, token));
            _change = null;
        }
        else if (_dice.Percent(15))
        {
            what = _isMoved ? "a5 moves back to hv2" : "a5 moves to hv1";
            var (from, to) = _isMoved ? ("hv1", "hv2") : ("hv2", "hv1");
            await onBoth(lab => lab.MoveAsync("a5", from, to, token));
            _isMoved = !_isMoved;
        }
        else
        {
            var change = _dice.Pick(Change.All);
            what = change.Name;
            await onBoth(lab => Change.RunAsync(lab, change.Apply, token));
            _change = change;
        }

        Changes++;
        await onBoth(lab => Convergence.SettleAsync(lab, token));
        _talks.ForEach(talk => talk.Note(what));
        log.WriteLine(what);
    }
}
