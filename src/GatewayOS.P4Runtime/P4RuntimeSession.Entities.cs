using System.Runtime.CompilerServices;
using Grpc.Core;
using GatewayOS.P4;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime;

public sealed partial class P4RuntimeSession
{
    /// <summary>Updates in one request: large enough to make the round trip small, far below the 4 MiB a server takes.</summary>
    public const int BatchLength = 1000;

    private const string ErrorTypeName = "p4.v1.Error";

    /// <summary>Tries every update, in batches that keep their order.</summary>
    /// <returns>One outcome per update, in their order.</returns>
    /// <remarks>
    /// Within a request a server may take updates in any order (P4Runtime 1.5, 12): what depends on one another belongs to successive calls.
    /// </remarks>
    /// <exception cref="P4RuntimeException">A request failed as a whole; what became of its updates is unknown.</exception>
    /// <exception cref="FormatException">An entity does not fit the program; nothing was sent.</exception>
    public async Task<WriteOutcome[]> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken cancellationToken)
    {
        var index = Index;
        var wire = new Wire.Update[updates.Count];
        for (var i = 0; i < wire.Length; i++)
        {
            wire[i] = EntityWriter.Update(index, updates[i]);
        }

        var outcomes = new WriteOutcome[wire.Length];
        for (var start = 0; start < wire.Length; start += BatchLength)
        {
            var length = Math.Min(BatchLength, wire.Length - start);
            await WriteBatchAsync(
                new ArraySegment<Wire.Update>(wire, start, length), outcomes.AsMemory(start, length), cancellationToken);
        }

        return outcomes;
    }

    /// <summary>Every entry of a table, or of all tables.</summary>
    /// <param name="table">One of <see cref="TableNames"/>, or null for all.</param>
    /// <param name="counters">Whether to read the direct counters as well.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async IAsyncEnumerable<CountedEntry> ReadEntriesAsync(
        string? table, bool counters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = Index;
        var request = new Wire.TableEntry { TableId = table is null ? 0 : index.Table(table).Id };
        if (counters)
        {
            request.CounterData = new Wire.CounterData();
        }

        await foreach (var entity in ReadAsync(cancellationToken, new Wire.Entity { TableEntry = request }))
        {
            yield return new CountedEntry(
                EntityReader.TableEntry(index, entity.TableEntry), counters ? Value(entity.TableEntry.CounterData) : null);
        }
    }

    /// <summary>The entries with these keys, with their direct counters; without those that are not there.</summary>
    /// <param name="keys">At most <see cref="BatchLength"/>.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async IAsyncEnumerable<CountedEntry> ReadEntriesAsync(
        IReadOnlyCollection<EntryKey> keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = Index;
        var wanted = keys.Select(key =>
        {
            var request = EntityWriter.EntryKey(index, key);
            request.CounterData = new Wire.CounterData();
            return new Wire.Entity { TableEntry = request };
        });
        await foreach (var entity in ReadAsync(cancellationToken, [.. wanted]))
        {
            yield return new CountedEntry(EntityReader.TableEntry(index, entity.TableEntry), Value(entity.TableEntry.CounterData));
        }
    }

    public async IAsyncEnumerable<MulticastGroup> ReadMulticastGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new Wire.Entity { PacketReplicationEngineEntry = new() { MulticastGroupEntry = new() } };
        await foreach (var entity in ReadAsync(cancellationToken, request))
        {
            if (EntityReader.Entity(Index, entity) is MulticastGroup group)
            {
                yield return group;
            }
        }
    }

    /// <summary>The members and then the groups of an action profile that were written as such, not by <see cref="ActionSet"/>.</summary>
    public async IAsyncEnumerable<PipelineEntity> ReadProfileAsync(
        string profile, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Index.Profile(profile);
        var members = new Wire.Entity { ActionProfileMember = new() { ActionProfileId = id } };
        var groups = new Wire.Entity { ActionProfileGroup = new() { ActionProfileId = id } };

        // QUIRK(simple_switch_grpc 1.15 with PI): a member of weight n in a group is read n times.
        var seen = new HashSet<EntityKey>();
        await foreach (var entity in ReadAsync(cancellationToken, members, groups))
        {
            if (EntityReader.Entity(Index, entity) is { } found && seen.Add(found.Key))
            {
                yield return found;
            }
        }
    }

    /// <summary>The cells of a meter that have been configured, among these.</summary>
    /// <param name="meter">One of <see cref="MeterNames"/>.</param>
    /// <param name="indices">Which ones.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<IReadOnlyList<MeterCell>> ReadMetersAsync(string meter, IEnumerable<uint> indices, CancellationToken cancellationToken)
    {
        var id = Index.Meter(meter);
        var cells = new List<MeterCell>();
        foreach (var part in indices.Select(index => new Wire.Entity { MeterEntry = new() { MeterId = id, Index = new() { Index_ = index } } }).Chunk(BatchLength))
        {
            cells.AddRange(await ReadMetersAsync(part, cancellationToken));
        }

        return cells;
    }

    private async Task<IReadOnlyList<MeterCell>> ReadMetersAsync(Wire.Entity[] wanted, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await ReadAsync(cancellationToken, wanted).ToListAsync(cancellationToken)).Select(entity => EntityReader.Entity(Index, entity)).OfType<MeterCell>()];
        }
        catch (P4RuntimeException refusal) when (refusal.InnerException is RpcException { StatusCode: StatusCode.Unknown })
        {
            // QUIRK(simple_switch_grpc 1.15 with PI): a cell that was never configured cannot be read (PI_STATUS_METER_SPEC_NOT_SET), nor can others beside it.
            var half = wanted.Length / 2;
            return wanted.Length == 1 ? [] : [.. await ReadMetersAsync(wanted[..half], cancellationToken), .. await ReadMetersAsync(wanted[half..], cancellationToken)];
        }
    }

    /// <summary>The cells of an indirect counter that have counted, by index.</summary>
    /// <param name="counter">One of <see cref="CounterNames"/>.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<IReadOnlyDictionary<int, CounterValue>> ReadCounterAsync(string counter, CancellationToken cancellationToken)
    {
        var values = new Dictionary<int, CounterValue>();
        var request = new Wire.Entity { CounterEntry = new() { CounterId = Index.Counter(counter) } };
        await foreach (var entity in ReadAsync(cancellationToken, request))
        {
            if (Value(entity.CounterEntry.Data) is { } value && value != default)
            {
                values[(int)entity.CounterEntry.Index.Index_] = value;
            }
        }

        return values;
    }

    private static CounterValue? Value(Wire.CounterData? data) => data is null ? null : new(data.PacketCount, data.ByteCount);

    private async IAsyncEnumerable<Wire.Entity> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken, params Wire.Entity[] entities)
    {
        var request = new Wire.ReadRequest { DeviceId = _deviceId };
        request.Entities.AddRange(entities);
        // A large table may take its time, as long as something comes.
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _client.Read(request, cancellationToken: silence.Token);
        while (true)
        {
            silence.CancelAfter(_patience);
            try
            {
                if (!await call.ResponseStream.MoveNext(silence.Token))
                {
                    yield break;
                }
            }
            catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw P4RuntimeException.From(
                    silence.IsCancellationRequested ? new RpcException(new Status(StatusCode.DeadlineExceeded, ""), failure.Message) : failure, _remote, $"read {entities[0].EntityCase}", _patience);
            }

            silence.CancelAfter(Timeout.InfiniteTimeSpan);

            foreach (var entity in call.ResponseStream.Current.Entities)
            {
                yield return entity;
            }
        }
    }

    private async Task WriteBatchAsync(ArraySegment<Wire.Update> updates, Memory<WriteOutcome> outcomes, CancellationToken cancellationToken)
    {
        var request = new Wire.WriteRequest { DeviceId = _deviceId, ElectionId = _electionId };
        request.Updates.AddRange(updates);
        try
        {
            await _client.WriteAsync(request, Bounded(cancellationToken));
            outcomes.Span.Fill(WriteOutcome.Success);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!TryReadOutcomes(failure, outcomes.Span))
            {
                throw P4RuntimeException.From(failure, _remote, $"write {updates.Count} updates", _patience);
            }
        }

        LogWrote(_logger, updates.Count, _remote, Failures(outcomes.Span));
    }

    // Section 12.3: the details of the status hold one Error per update, in their order.
    private static bool TryReadOutcomes(RpcException failure, Span<WriteOutcome> outcomes)
    {
        if (failure.GetRpcStatus() is not { } status || status.Details.Count != outcomes.Length)
        {
            return false;
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            var detail = status.Details[i];
            if (Google.Protobuf.WellKnownTypes.Any.GetTypeName(detail.TypeUrl) != ErrorTypeName)
            {
                return false;
            }

            var error = detail.Unpack<Wire.Error>();
            outcomes[i] = error.CanonicalCode == 0
                ? WriteOutcome.Success
                : new WriteOutcome((WriteStatus)error.CanonicalCode, error.Message);
        }

        return true;
    }

    private static int Failures(ReadOnlySpan<WriteOutcome> outcomes)
    {
        var failures = 0;
        foreach (var outcome in outcomes)
        {
            failures += outcome.Succeeded ? 0 : 1;
        }

        return failures;
    }
}
