using System.Globalization;
using System.Text;
using GatewayOS.Bmv2;
using GatewayOS.Differential.Tests.Comparison;
using GatewayOS.Differential.Tests.Packets;
using GatewayOS.Differential.Tests.Running;
using GatewayOS.Differential.Tests.Worlds;

namespace GatewayOS.Differential.Tests;

/// <summary>Invariant I2: whatever the fast path forwards or drops, a stock chassis forwards or drops in the same way, octet for octet.</summary>
public sealed class DifferentialTests(ITestOutputHelper log)
{
    private const int Batch = 512;

    // A random world may leave everything to software: it ends when so many times the packets were tried.
    private const int Patience = 40;

    private static readonly SwitchProgram s_program = FastPath.LoadProgram();

    private static readonly string[] s_kinds =
    [
        .. from way in new[] { Way.Provider, Way.Geneve, Way.Vxlan } from router in new[] { "distributed", "gateway" } select $"{way} -> {router} router",
        $"{Way.Geneve} -> machine", $"{Way.Vxlan} -> machine", $"{Way.Vif} -> router", $"{Way.Vif} -> neighbour", $"{Way.Vif} -> moving machine",
        $"{Way.Vtep} -> router", $"{Way.Vtep} -> neighbour",
    ];

    // Of a thousand packets in the fixed world, how many at least take the way: about half of what does.
    private static readonly (string In, string Out, int Share)[] s_ways =
    [
        (Way.Vif, Way.Vif, 2), (Way.Vif, Way.Provider, 15), (Way.Vif, Way.Geneve, 15), (Way.Vif, Way.Vxlan, 8),
        (Way.Provider, Way.Vif, 3), (Way.Provider, Way.Provider, 40), (Way.Provider, Way.Geneve, 12), (Way.Provider, Way.Vxlan, 6),
        (Way.Geneve, Way.Vif, 12), (Way.Geneve, Way.Provider, 30), (Way.Vxlan, Way.Vif, 8), (Way.Vxlan, Way.Provider, 20),
        (Way.Vtep, Way.Vif, 3), (Way.Vtep, Way.Provider, 8), (Way.Vtep, Way.Geneve, 1), (Way.Vif, Way.Vtep, 2),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_the_fixed_world_the_fast_path_does_what_a_stock_chassis_does()
    {
        Requirement.StockChassis();
        var tally = await CompareAsync(FixedWorld.World, Setting.Seed, Setting.Packets / 4);
        foreach (var kind in s_kinds)
        {
            Assert.True(tally.Of(kind + " v4", Verdict.Forward) > 0, $"no forward: {kind} v4");
            Assert.True(tally.Of(kind + " v6", Verdict.Forward) > 0, $"no forward: {kind} v6");
        }

        foreach (var feature in new[] { Prediction.Choice, Prediction.Rewrite, Prediction.Container, Prediction.Copies, Prediction.Answer, Prediction.Reply })
        {
            Assert.True(tally.OfFeature(feature) > 0, $"no forward: {feature}");
        }

        foreach (var (from, to, share) in s_ways)
        {
            Assert.True(tally.Of((from, to)) * 1000 >= tally.Total * share, $"only {tally.Of((from, to))} of {tally.Total} forwarded: {from} -> {to}");
        }

        Assert.True(tally[Verdict.Forward] * 100 > tally.Total * 10, "hardly anything is forwarded");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task In_a_random_world_the_fast_path_does_what_a_stock_chassis_does(ulong seed)
    {
        Requirement.StockChassis();
        await CompareAsync(RandomWorld.Make(seed, Northd.TakesMixedRoutes), seed, Setting.Packets / 2 / Setting.Worlds);
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public async Task In_a_cloud_the_fast_path_does_what_a_stock_chassis_does(string cloud)
    {
        Requirement.StockChassis();
        var count = Setting.Packets / 4 / CloudWorld.Names.Count;
        var tally = await CompareAsync(CloudWorld.Make(cloud), Setting.Seed, count);
        Assert.True(tally[Verdict.Forward] + tally[Verdict.Drop] >= count, "hardly anything is decided on the fast path");
    }

    public static IEnumerable<TheoryDataRow<string>> Clouds() => CloudWorld.Names.Select(name => new TheoryDataRow<string>(name));

    public static IEnumerable<TheoryDataRow<ulong>> Seeds() => Enumerable.Range(0, Setting.Worlds).Select(i => new TheoryDataRow<ulong>(Setting.Seed + (ulong)i));

    [Fact]
    public void Random_worlds_have_machines_on_the_chassis_and_behind_VXLAN()
    {
        var worlds = Enumerable.Range(1, 100).Select(seed => RandomWorld.Make((ulong)seed)).ToList();
        Assert.InRange(worlds.Count(world => world.Local.Count > 0), 50, 99);
        Assert.InRange(worlds.Count(world => world.Remote.Any(port => world.Tunnels.Any(chassis => chassis.IsVxlan && chassis.Name == port.Chassis))), 25, 75);
    }

    private async Task<Tally> CompareAsync(World world, ulong seed, int count)
    {
        await using var chassis = await StockChassis.StartAsync(world, Token);
        var source = new PacketSource(new Landscape(chassis.Southbound, StockChassis.Name, world), new Dice(seed));
        var comparison = new Comparer(chassis, s_program);
        var changes = new Queue<string>(world.Changes);
        var (done, sent) = (0, 0);
        while (done < count && sent < (long)count * Patience)
        {
            // At even distances, the last well before the end.
            while (changes.Count > 0 && (long)done * (world.Changes.Count + 1) >= (long)count * (world.Changes.Count - changes.Count + 1))
            {
                await comparison.ChangeAsync(changes.Dequeue(), Token);
            }

            await comparison.RunAsync([.. Enumerable.Range(0, Batch).Select(_ => source.Next())], Token);
            done = comparison.Tally[Verdict.Forward] + comparison.Tally[Verdict.Drop];
            sent += Batch;
        }

        log.WriteLine($"{world}, packets of seed {seed}: {comparison.Size}");
        log.WriteLine(comparison.Tally.ToString());
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{comparison.Mismatches.Count} mismatches, {comparison.Repeated} packets sent again"));
        if (comparison.Mismatches.Count > 0)
        {
            var text = new StringBuilder($"{comparison.Mismatches.Count} mismatches in {world}, packets of seed {seed}\n");
            foreach (var mismatch in comparison.Mismatches.Take(10))
            {
                text.AppendLine(mismatch);
            }

            Assert.Fail(text.ToString());
        }

        return comparison.Tally;
    }
}
