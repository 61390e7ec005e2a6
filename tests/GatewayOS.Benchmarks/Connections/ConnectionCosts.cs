using System.Globalization;
using System.Text;
using GatewayOS.Benchmarks.Changes;
using GatewayOS.Connections;
using GatewayOS.Control.Tracking;
using GatewayOS.Core;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>What it costs to have connections on a device: those of a floating IP, from many hosts outside.</summary>
internal sealed class ConnectionCosts(FloatingIp nat)
{
    private const int Burst = 512, Single = 2000;

    /// <returns>A table, in Markdown.</returns>
    public async Task<string> MeasureAsync(IEnumerable<int> counts, CancellationToken token)
    {
        var text = new StringBuilder("| connections | connections/s of CPU | allocated each | octets held each | one more: median | p99 | taken out/s of CPU |\n|---|---|---|---|---|---|---|\n");
        foreach (var count in counts)
        {
            text.AppendLine(await MeasureAsync(count, token));
        }

        return text.ToString();
    }

    private async Task<string> MeasureAsync(int count, CancellationToken token)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (keeper, device) = (new ConnectionKeeper(nat.Compiler.Connections, new OffloadOptions { Limit = 4_000_000, DeviceLimit = 8_000_000 }), new UncountedDevice());
        keeper.Apply(new ConnectionNews.DumpBegan(DumpReason.Start));
        keeper.Apply(new ConnectionNews.DumpEnded());
        keeper.Follow(nat.Zones);
        var (start, allocated) = (ThreadCpu.Now, GC.GetTotalAllocatedBytes());
        for (var i = 0; i < count; i += Burst)
        {
            await RoundAsync(keeper, device, Seen(Enumerable.Range(i, Math.Min(Burst, count - i))), token);
        }

        var offload = ThreadCpu.Now - start;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        if (keeper.Counts.Offloaded != 2 * count)
        {
            throw new InvalidOperationException($"{keeper.Counts.Offloaded} directions of {count} connections are on the device");
        }

        var octets = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        var single = new List<TimeSpan>();
        for (var i = count; i < count + Single; i++)
        {
            start = ThreadCpu.Now;
            await RoundAsync(keeper, device, Seen([i]), token);
            single.Add(ThreadCpu.Now - start);
        }

        single.Sort();
        start = ThreadCpu.Now;
        for (var i = 0; i < count; i += Burst)
        {
            await RoundAsync(keeper, device, Ended(Enumerable.Range(i, Math.Min(Burst, count - i))), token);
        }

        var removal = ThreadCpu.Now - start;
        GC.KeepAlive(device);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {count:N0} | {count / offload.TotalSeconds:N0} | {allocated / count:N0} | {octets:N0} | {single[Single / 2].TotalMicroseconds:N0} us | {single[Single * 99 / 100].TotalMicroseconds:N0} us | {count / removal.TotalSeconds:N0} |");
    }

    private async Task RoundAsync(ConnectionKeeper keeper, UncountedDevice device, ConnectionNews news, CancellationToken token)
    {
        keeper.Apply(news);
        keeper.Follow(nat.Zones);
        do
        {
            keeper.Evaluate();
            await keeper.Writer.WithdrawAsync(device, token);
            await keeper.Writer.WriteAsync(device, _ => true, _ => Task.FromResult(true), int.MaxValue, token);
        }
        while (keeper.HasMore);
    }

    private ConnectionNews.Changed Seen(IEnumerable<int> numbers) => new(numbers.Select(number => (ConnectionEvent)new ConnectionEvent.Seen(Entry(number))).ToEquatableArray());

    private ConnectionNews.Changed Ended(IEnumerable<int> numbers) => new(numbers.Select(number => (ConnectionEvent)new ConnectionEvent.Ended(Entry(number))).ToEquatableArray());

    private ConnectionEntry Entry(int number)
    {
        // 198.18.0.0/15 is for benchmarks (RFC 2544).
        var from = (UInt128)(0xc6120000u + (uint)(number % 65536));
        var original = new ConnectionTuple(false, TransportProtocol.Tcp, from, nat.Outside, (ushort)(1024 + (number / 65536)), 443);
        return new ConnectionEntry(new Connection(nat.Zone, original, (original with { Destination = nat.Inside }).Reversed)
        {
            Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Assured,
            Tcp = new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.None, TcpFlags.None),
            Id = (uint)number + 1,
        });
    }
}
