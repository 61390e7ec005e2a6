using System.Diagnostics;
using System.Globalization;
using System.Text;
using GatewayOS.Compiler;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Reconciling;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Benchmarks.Changes;

/// <summary>What one change in the northbound database costs an agent, from the rows that arrive to the writes: in clouds of three sizes, in one run.</summary>
/// <param name="rounds">How often each change is made and undone.</param>
/// <param name="kinds">The kinds of changes; all if there are none.</param>
/// <param name="isShared">Whether one provider network is everybody's.</param>
internal sealed class ChangeCosts(int rounds, IReadOnlyList<string> kinds, bool isShared)
{
    private static readonly (string Name, Func<int, (string Do, string Undo)> Of)[] s_kinds =
    [
        ("port", i => (GrowingCloud.AddPort(0, 100 + i)[4..], $"lsp-del vm0-{Text(100 + i)}")),
        ("ACL", i => ($"acl-add pg0 to-lport {Text(1001 + i)} outport==@pg0&&udp.dst=={Text(5000 + i)} drop", $"acl-del pg0 to-lport {Text(1001 + i)} outport==@pg0&&udp.dst=={Text(5000 + i)}")),
        ("NAT", i => ($"lr-nat-add lr0 dnat_and_snat 172.16.200.{Text(1 + i)} 10.0.0.{Text(10 + i)}", $"lr-nat-del lr0 dnat_and_snat 172.16.200.{Text(1 + i)}")),
        ("route", i => ($"lr-route-add lr0 192.168.{Text(i)}.0/24 10.0.0.{Text(10 + i)}", $"lr-route-del lr0 192.168.{Text(i)}.0/24")),
    ];

    private readonly (string Name, Func<int, (string Do, string Undo)> Of)[] _kinds = [.. s_kinds.Where(kind => kinds.Count == 0 || kinds.Contains(kind.Name))];
    private readonly List<Sample> _samples = [];

    /// <param name="tenants">The sizes to measure at, ascending.</param>
    /// <param name="token">Ends the waiting.</param>
    public async Task<string> MeasureAsync(IReadOnlyList<int> tenants, CancellationToken token)
    {
        using var cloud = new GrowingCloud(isShared);
        // Once to have everything compiled by the runtime.
        cloud.GrowTo(tenants[0]);
        await MeasureAsync(cloud, 0, token);
        foreach (var size in tenants)
        {
            cloud.GrowTo(size);
            await MeasureAsync(cloud, size, token);
            await Console.Error.WriteLineAsync(ToMarkdown([.. tenants.TakeWhile(known => known <= size)]));
        }

        return ToMarkdown(tenants);
    }

    private async Task MeasureAsync(GrowingCloud cloud, int tenants, CancellationToken token)
    {
        await using var client = new OvsdbClient<Southbound>(Remote.ParseList(cloud.Remote), Southbound.Model);
        var agent = new Agent(await client.LoadAsync(token));
        var seen = Sequence(client.View);
        for (var i = 0; i < rounds; i++)
        {
            foreach (var (kind, of) in _kinds)
            {
                var (apply, undo) = of(i);
                foreach (var commands in new[] { apply, undo })
                {
                    cloud.Change(commands);
                    var view = await client.WaitForAsync(view => Sequence(view) > seen, token);
                    seen = Sequence(view);
                    var sample = agent.Take(view.Database);
                    if (tenants > 0)
                    {
                        _samples.Add(sample with { Kind = kind, Tenants = tenants, Ports = cloud.Ports });
                    }
                }
            }
        }
    }

    // ovn-northd counts what it has done for the commands that wait for it (ovn-sb(5), SB_Global).
    private static long Sequence(DatabaseView<Southbound> view) => view.Database.SbGlobals.Single().NbCfg;

    private string ToMarkdown(IReadOnlyList<int> tenants)
    {
        var text = new StringBuilder();
        text.AppendLine("| change | VMs elsewhere | entries | CPU ms, median | 90 % | to the smallest | writes, median |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var kind in _kinds.Select(kind => kind.Name))
        {
            var smallest = Quantile(_samples.Where(sample => sample.Kind == kind && sample.Tenants == tenants[0]).Select(sample => sample.Milliseconds), 0.5);
            foreach (var size in tenants)
            {
                var own = _samples.Where(sample => sample.Kind == kind && sample.Tenants == size).ToList();
                var median = Quantile(own.Select(sample => sample.Milliseconds), 0.5);
                text.AppendLine(CultureInfo.InvariantCulture, $"| {kind} | {own[0].Ports} | {own[0].Entries} | {median:0.00} | {Quantile(own.Select(sample => sample.Milliseconds), 0.9):0.00} "
                    + $"| {median / smallest:0.00} | {Quantile(own.Select(sample => (double)sample.Writes), 0.5):0} |");
            }
        }

        return text.ToString();
    }

    private static double Quantile(IEnumerable<double> values, double at)
    {
        var ordered = values.Order().ToList();
        return ordered[(int)(at * (ordered.Count - 1))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Sample(string Kind, int Tenants, int Ports, int Entries, double Milliseconds, int Writes);

    // What the agent does with a snapshot, on one thread.
    private sealed class Agent
    {
        private readonly PipelineCompiler _compiler = new();
        private readonly Reconciler _reconciler = new(new MemoryDevice());
        private readonly DeviceView _device;

        public Agent(Southbound first)
        {
            _device = AssumedDevice.Of(first, GrowingCloud.Chassis);
            Write(_compiler.Compile(first, GrowingCloud.Chassis, _device));
        }

        public Sample Take(Southbound now)
        {
            var before = ThreadCpu.Now;
            var compiled = _compiler.Compile(now, GrowingCloud.Chassis, _device);
            var report = Write(compiled);
            return new Sample("", 0, 0, compiled.Entries.Count, (ThreadCpu.Now - before).TotalMilliseconds, report.Writes);
        }

        private ReconcileReport Write(CompiledPipeline compiled)
        {
            var writing = _reconciler.ReconcileAsync(
                compiled.Entries.Select(entry => entry.Entry), compiled.Changes is { } changes ? EntryWrites.Of(changes) : null, CancellationToken.None);
            Debug.Assert(writing.IsCompleted, "nothing here waits");
            return writing.GetAwaiter().GetResult();
        }
    }
}
