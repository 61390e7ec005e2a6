using GatewayOS.P4;
using GatewayOS.System.Tests.Faults;
using GatewayOS.Testing;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>The comparison can fail: what a device does wrongly to a connection, or too long, is a difference.</summary>
[Collection<StatefulLabUse>]
public sealed class StatefulFaultTests(StatefulLab lab)
{
    private const int Exchanges = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_entry_and_one_that_outlives_its_ACL_are_found()
    {
        Requirement.Lab();
        await lab.ReadyAsync(Token);
        var translated = new Conversation(Find(Route.Snat, "a3")) { ClientPort = 19000, ServerPort = 7000 };
        var guarded = new Conversation(Find(Route.StatefulAcl, "a8")) { ClientPort = 19001, ServerPort = 7000 };
        Conversation[] talks = [translated, guarded];
        for (var i = 0; i < Exchanges; i++)
        {
            Assert.All(Exchange(talks), difference => Assert.Null(difference));
        }

        var takeover = new Takeover(lab.Fast);
        await GatewayLab.UntilAsync(
            "the devices to have both connections, one of them on both hypervisors",
            async () =>
            {
                // An agent learns from packets that a datagram was answered, and without any a tracker forgets.
                Assert.All(Exchange(talks), difference => Assert.Null(difference));
                return await takeover.CountAsync(translated, Token) == 1 && await takeover.CountAsync(guarded, Token) == 2;
            }, Token);
        await Task.WhenAll(lab.Fast.FastPaths.Select(node => node.KillAgentAsync()));
        await using (var other = await OtherController.TakeAsync(lab.Fast, Token))
        {
            Assert.NotEqual(0, await other.SpoilAsync(
                entry => entry.Match.Any(match => match is FieldMatch.Exact { Field: KeyNames.Sport or KeyNames.Dport } port && port.Value == translated.ClientPort),
                call => call with { Arguments = [.. call.Arguments.Select(OneHopMore)] }, Token));
        }

        Assert.Collection(Exchange(talks), difference => Assert.NotNull(difference), difference => Assert.Null(difference));

        var change = Change.All.First(change => change.Kind == Route.StatefulAcl && change.Name.Contains("drops UDP", StringComparison.Ordinal) && change.Concerns(guarded));
        await lab.OnBothAsync(side => change.Apply(side, Token));
        try
        {
            await lab.OnBothAsync(side => Convergence.SettleAsync(side, Token));
            await SettleAsync(talks);
            // An answer is let through until a request has met the ACL (ovn-northd(8), ct_mark.blocked).
            guarded.IsClientNext = true;
            Assert.All(Exchange(talks), difference => Assert.NotNull(difference));
        }
        finally
        {
            await lab.OnBothAsync(side => change.Undo(side, Token));
            await lab.StartAgentsAsync(Token);
        }

        await lab.OnBothAsync(side => Convergence.SettleAsync(side, Token));
        // On a slow machine the tracker has forgotten the others: nobody kept them alive.
        Conversation[] fresh = [.. talks.Select(talk => new Conversation(talk.Route) { ClientPort = (ushort)(talk.ClientPort + 10), ServerPort = talk.ServerPort })];
        Assert.All(Exchange(fresh), difference => Assert.Null(difference));
        Assert.All(Exchange(fresh), difference => Assert.Null(difference));
    }

    /// <summary>On a slow machine a tracker forgets them meanwhile; then it shall have done so.</summary>
    private Task SettleAsync(Conversation[] talks) => lab.Expiry is not { } expiry ? Task.CompletedTask : GatewayLab.UntilAsync(
        "connections that expire to be removed",
        async () =>
        {
            await expiry.LookAsync(Token);
            return !talks.Any(expiry.IsNear);
        }, Token);

    private static ActionArgument OneHopMore(ActionArgument argument) => argument.Name switch
    {
        ParameterNames.Edits => argument with { Value = argument.Value | HeaderEdits.TtlBit },
        ParameterNames.TtlDec => argument with { Value = argument.Value + 1 },
        _ => argument,
    };

    private static Route Find(string name, string client) => Route.All.First(route => route.Name == name && route.Client == client && !route.IsIpv6);

    private List<string?> Exchange(Conversation[] talks) => [.. talks.Zip(lab.Sides.Exchange([.. talks.Select(talk => talk.Next())]), (talk, sent) =>
    {
        talk.Learn(sent, "");
        return sent.Difference;
    })];

    /// <summary>UDP: a request, its answer, a request ...</summary>
    private sealed class Conversation(Route route) : Talk(route, new Dice(1))
    {
        private bool _isAnswered;

        public override byte Protocol => Packet.Udp;

        public override bool IsEstablished => _isAnswered;

        public override bool IsOver => false;

        public override bool IsShortLived => false;

        public bool IsClientNext { get; set; } = true;

        protected override (string Intent, bool FromClient, Packet Packet) Choose() => (IsClientNext ? "request" : "answer", IsClientNext, From(IsClientNext));

        protected override void Learn(Packet packet, bool fromClient, bool arrived)
        {
            _isAnswered |= arrived && !fromClient;
            IsClientNext = !fromClient || !arrived;
        }
    }
}
