using Google.Protobuf;
using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>The server as a controller sees it, through a real gRPC client.</summary>
public sealed class P4RuntimeServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Wire.TableEntry ExactWide(byte value, int port)
    {
        var info = RunningSwitch.Info("features");
        return new Wire.TableEntry
        {
            TableId = info.Tables.First(table => table.Preamble.Alias == "exact_wide").Preamble.Id,
            Match = { new Wire.FieldMatch { FieldId = 1, Exact = new Wire.FieldMatch.Types.Exact { Value = ByteString.CopyFrom(value) } } },
            Action = new Wire.TableAction
            {
                Action = new Wire.Action
                {
                    ActionId = info.Actions.First(action => action.Preamble.Alias == "leave").Preamble.Id,
                    Params = { new Wire.Action.Types.Param { ParamId = 1, Value = ByteString.CopyFrom((byte)(port >> 8), (byte)port) } },
                },
            },
        };
    }

    private static Wire.WriteRequest Request(ulong election, params (Wire.Update.Types.Type Type, Wire.TableEntry Entry)[] updates)
    {
        var request = new Wire.WriteRequest { DeviceId = RunningSwitch.DeviceId, ElectionId = new Wire.Uint128 { Low = election } };
        request.Updates.AddRange(updates.Select(update => new Wire.Update { Type = update.Type, Entity = new Wire.Entity { TableEntry = update.Entry } }));
        return request;
    }

    private static async Task<List<Wire.Entity>> ReadAsync(RunningSwitch device, Wire.Entity entity)
    {
        using var call = device.Client.Read(
            new Wire.ReadRequest { DeviceId = RunningSwitch.DeviceId, Entities = { entity } }, cancellationToken: Cancellation);
        var entities = new List<Wire.Entity>();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            entities.AddRange(call.ResponseStream.Current.Entities);
        }

        return entities;
    }

    [Fact]
    public async Task The_highest_election_id_is_primary_and_the_others_are_told()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var first = await device.ConnectAsync(10);
        Assert.Equal(StatusCode.OK, first.Status);
        using var second = await device.ConnectAsync(5);
        Assert.Equal(StatusCode.AlreadyExists, second.Status);
        using var never = await device.ConnectAsync(null);
        Assert.Equal(StatusCode.AlreadyExists, never.Status);

        using var third = await device.ConnectAsync(20);
        Assert.Equal(StatusCode.OK, third.Status);
        Assert.Equal(StatusCode.AlreadyExists, await first.NextArbitrationAsync());
        Assert.Equal(StatusCode.AlreadyExists, await second.NextArbitrationAsync());

        await third.HangUpAsync();
        Assert.Equal(StatusCode.NotFound, await first.NextArbitrationAsync());
        Assert.Equal(StatusCode.NotFound, await second.NextArbitrationAsync());
        using var fourth = await device.ConnectAsync(20);
        Assert.Equal(StatusCode.OK, fourth.Status);
    }

    [Fact]
    public async Task An_election_id_that_is_taken_or_a_wrong_device_ends_the_stream()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var first = await device.ConnectAsync(10);

        var taken = await Assert.ThrowsAsync<RpcException>(() => device.ConnectAsync(10));
        Assert.Equal(StatusCode.InvalidArgument, taken.StatusCode);
        using var stranger = new TestController(device.Client.StreamChannel(cancellationToken: Cancellation));
        var wrong = await Assert.ThrowsAsync<RpcException>(() => stranger.ArbitrateAsync(99, 1));
        Assert.Equal(StatusCode.NotFound, wrong.StatusCode);
    }

    [Fact]
    public async Task A_pipeline_is_set_by_the_primary_and_read_back_with_its_cookie()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var controller = await device.ConnectAsync(10);
        var get = new Wire.GetForwardingPipelineConfigRequest
        {
            DeviceId = RunningSwitch.DeviceId,
            ResponseType = Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.CookieOnly,
        };
        var early = await Assert.ThrowsAsync<RpcException>(async () => await device.Client.GetForwardingPipelineConfigAsync(get, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, early.StatusCode);
        var backup = await Assert.ThrowsAsync<RpcException>(() => device.SetPipelineAsync(9));
        Assert.Equal(StatusCode.PermissionDenied, backup.StatusCode);

        await device.SetPipelineAsync(10);

        var answer = await device.Client.GetForwardingPipelineConfigAsync(get, cancellationToken: Cancellation);
        Assert.Equal(42UL, answer.Config.Cookie.Cookie_);
        Assert.Null(answer.Config.P4Info);
        Assert.Equal("1.5.0", (await device.Client.CapabilitiesAsync(new Wire.CapabilitiesRequest(), cancellationToken: Cancellation)).P4RuntimeApiVersion);
    }

    [Fact]
    public async Task A_program_that_cannot_run_is_refused_with_the_reason()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var controller = await device.ConnectAsync(1);
        var request = new Wire.SetForwardingPipelineConfigRequest
        {
            DeviceId = RunningSwitch.DeviceId,
            ElectionId = new Wire.Uint128 { Low = 1 },
            Action = Wire.SetForwardingPipelineConfigRequest.Types.Action.VerifyAndCommit,
            Config = RunningSwitch.Features(),
        };
        request.Config.P4DeviceConfig = ByteString.CopyFromUtf8("""{"__meta__": {"version": [2, 23]}}""");

        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await device.Client.SetForwardingPipelineConfigAsync(request, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("the program cannot run here: $: the member 'header_types' is missing", refused.Status.Detail);
    }

    [Fact]
    public async Task Each_update_of_a_batch_has_its_own_outcome_and_entries_are_read_back()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var controller = await device.ConnectAsync(10);
        await device.SetPipelineAsync(10);
        var one = ExactWide(1, 300);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await device.Client.WriteAsync(
            Request(
                10,
                (Wire.Update.Types.Type.Insert, one),
                (Wire.Update.Types.Type.Insert, ExactWide(1, 4)),
                (Wire.Update.Types.Type.Modify, ExactWide(2, 4)),
                (Wire.Update.Types.Type.Insert, ExactWide(3, 1023)),
                (Wire.Update.Types.Type.Insert, ExactWide(4, 4)),
                (Wire.Update.Types.Type.Insert, ExactWide(5, 4))),
            cancellationToken: Cancellation));

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.Equal(
            [StatusCode.OK, StatusCode.AlreadyExists, StatusCode.NotFound, StatusCode.OutOfRange, StatusCode.OK, StatusCode.ResourceExhausted],
            failure.GetRpcStatus()!.Details.Select(detail => (StatusCode)detail.Unpack<Wire.Error>().CanonicalCode));
        var read = await ReadAsync(device, new Wire.Entity { TableEntry = new Wire.TableEntry { TableId = one.TableId } });
        Assert.Equal([1, 4], read.Select(entity => (int)entity.TableEntry.Match[0].Exact.Value[0]));
        Assert.Equal([1, 44], read[0].TableEntry.Action.Action.Params[0].Value.ToByteArray());
        Assert.Equal(2 + 3, (await ReadAsync(device, new Wire.Entity { TableEntry = new Wire.TableEntry() })).Count);

        await device.Client.WriteAsync(Request(10, (Wire.Update.Types.Type.Delete, one)), cancellationToken: Cancellation);
        Assert.Single(await ReadAsync(device, new Wire.Entity { TableEntry = new Wire.TableEntry { TableId = one.TableId } }));
    }

    [Fact]
    public async Task A_meter_is_configured_read_back_and_reset_and_bad_ones_are_refused()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var controller = await device.ConnectAsync(10);
        await device.SetPipelineAsync(10);
        var id = RunningSwitch.Info("features").Meters.Single(meter => meter.Preamble.Alias == "limits").Preamble.Id;
        Wire.Entity Cell(long index, Wire.MeterConfig? config) => new() { MeterEntry = new() { MeterId = id, Index = new() { Index_ = index }, Config = config } };
        var rates = new Wire.MeterConfig { Cir = 1, Cburst = 2, Pir = 3, Pburst = 4 };
        var write = new Wire.WriteRequest { DeviceId = RunningSwitch.DeviceId, ElectionId = new Wire.Uint128 { Low = 10 } };
        write.Updates.AddRange(new (Wire.Update.Types.Type Type, Wire.Entity Entity)[]
        {
            (Wire.Update.Types.Type.Modify, Cell(2, rates)), (Wire.Update.Types.Type.Insert, Cell(2, rates)), (Wire.Update.Types.Type.Delete, Cell(2, null)),
            (Wire.Update.Types.Type.Modify, Cell(4, rates)), (Wire.Update.Types.Type.Modify, Cell(-1, rates)),
            (Wire.Update.Types.Type.Modify, Cell(1, new Wire.MeterConfig { Cir = -1, Pir = 1 })), (Wire.Update.Types.Type.Modify, Cell(1, new Wire.MeterConfig { Cir = 2, Pir = 1 })),
        }.Select(update => new Wire.Update { Type = update.Type, Entity = update.Entity }));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await device.Client.WriteAsync(write, cancellationToken: Cancellation));

        Assert.Equal(
            [StatusCode.OK, StatusCode.InvalidArgument, StatusCode.InvalidArgument, StatusCode.OutOfRange, StatusCode.OutOfRange, StatusCode.InvalidArgument, StatusCode.InvalidArgument],
            failure.GetRpcStatus()!.Details.Select(detail => (StatusCode)detail.Unpack<Wire.Error>().CanonicalCode));
        var all = await ReadAsync(device, new Wire.Entity { MeterEntry = new Wire.MeterEntry { MeterId = id } });
        Assert.Equal([null, null, rates, null], all.Select(entity => entity.MeterEntry.Config));
        Assert.Equal(rates, (await ReadAsync(device, Cell(2, null))).Single().MeterEntry.Config);
        Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => ReadAsync(device, Cell(4, null)))).StatusCode);

        write.Updates.Clear();
        write.Updates.Add(new Wire.Update { Type = Wire.Update.Types.Type.Modify, Entity = Cell(2, null) });
        await device.Client.WriteAsync(write, cancellationToken: Cancellation);
        Assert.Null((await ReadAsync(device, Cell(2, null))).Single().MeterEntry.Config);
    }

    [Fact]
    public async Task Only_the_primary_writes()
    {
        await using var device = await RunningSwitch.StartAsync();
        using var controller = await device.ConnectAsync(10);
        await device.SetPipelineAsync(10);

        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await device.Client.WriteAsync(Request(9, (Wire.Update.Types.Type.Insert, ExactWide(1, 1))), cancellationToken: Cancellation));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }
}
