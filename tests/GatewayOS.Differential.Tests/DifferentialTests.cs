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

    private static readonly SwitchProgram s_program = FastPath.LoadProgram();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_the_fixed_world_the_fast_path_does_what_a_stock_chassis_does()
    {
        Requirement.StockChassis();
        var tally = await CompareAsync(FixedWorld.World, Setting.Seed, Setting.Packets / 4);
        foreach (var kind in new[] { "provider -> distributed router", "provider -> gateway router", "tunnel -> distributed router", "tunnel -> gateway router" })
        {
            Assert.True(tally.Of(kind + " v4", Verdict.Forward) > 0, $"no forward: {kind} v4");
            Assert.True(tally.Of(kind + " v6", Verdict.Forward) > 0, $"no forward: {kind} v6");
        }

        Assert.True(tally[Verdict.Forward] * 100 > tally.Total * 10, "hardly anything is forwarded");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task In_a_random_world_the_fast_path_does_what_a_stock_chassis_does(ulong seed)
    {
        Requirement.StockChassis();
        await CompareAsync(RandomWorld.Make(seed), seed, Setting.Packets * 3 / 4 / Setting.Worlds);
    }

    public static IEnumerable<TheoryDataRow<ulong>> Seeds() => Enumerable.Range(0, Setting.Worlds).Select(i => new TheoryDataRow<ulong>(Setting.Seed + (ulong)i));

    private async Task<Tally> CompareAsync(World world, ulong seed, int count)
    {
        await using var chassis = await StockChassis.StartAsync(world, Token);
        var source = new PacketSource(new Landscape(chassis.Southbound, StockChassis.Name, world), new Dice(seed));
        var comparison = new Comparer(chassis, s_program);
        var changes = new Queue<string>(world.Changes);
        for (var done = 0; done < count; done += Batch)
        {
            // At even distances, the last well before the end.
            while (changes.Count > 0 && (long)done * (world.Changes.Count + 1) >= (long)count * (world.Changes.Count - changes.Count + 1))
            {
                await comparison.ChangeAsync(changes.Dequeue(), Token);
            }

            await comparison.RunAsync([.. Enumerable.Range(0, Math.Min(Batch, count - done)).Select(_ => source.Next())], Token);
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
