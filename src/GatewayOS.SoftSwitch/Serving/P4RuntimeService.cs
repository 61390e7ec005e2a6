using GatewayOS.Bmv2;
using Grpc.Core;
using Action = GatewayOS.P4Runtime.Protocol.SetForwardingPipelineConfigRequest.Types.Action;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>The P4Runtime 1.5 server.</summary>
internal sealed class P4RuntimeService(SwitchDevice device, Arbitration arbitration, SwitchOptions options, IHostApplicationLifetime lifetime)
    : Wire.P4Runtime.P4RuntimeBase
{
    /// <summary>Entities in one message of an answer: a message of gRPC is at most 4 MiB in a client's default.</summary>
    private const int EntitiesPerMessage = 2048;

    private readonly Lock _configuration = new();

    private Pipeline? _saved;

    public override Task<Wire.CapabilitiesResponse> Capabilities(Wire.CapabilitiesRequest request, ServerCallContext context) =>
        Task.FromResult(new Wire.CapabilitiesResponse { P4RuntimeApiVersion = "1.5.0" });

    public override Task<Wire.WriteResponse> Write(Wire.WriteRequest request, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        arbitration.RequirePrimary(request.Role, request.ElectionId);
        if (request.Atomicity != Wire.WriteRequest.Types.Atomicity.ContinueOnError)
        {
            throw Rpc.Fault(StatusCode.Unimplemented, "only CONTINUE_ON_ERROR is supported");
        }

        var server = new EntityServer(RequirePipeline());
        var outcomes = request.Updates.Select(update => Attempt(server, update)).ToArray();
        return Array.TrueForAll(outcomes, outcome => outcome is null) ? Task.FromResult(new Wire.WriteResponse()) : throw Rpc.Batch(outcomes);
    }

    public override async Task Read(Wire.ReadRequest request, IServerStreamWriter<Wire.ReadResponse> responseStream, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        var reader = new EntityReader(RequirePipeline());
        foreach (var chunk in request.Entities.SelectMany(reader.Read).Chunk(EntitiesPerMessage))
        {
            var response = new Wire.ReadResponse();
            response.Entities.AddRange(chunk);
            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    public override Task<Wire.SetForwardingPipelineConfigResponse> SetForwardingPipelineConfig(
        Wire.SetForwardingPipelineConfigRequest request, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        arbitration.RequirePrimary(request.Role, request.ElectionId);
        lock (_configuration)
        {
            switch (request.Action)
            {
                case Action.Verify:
                    Prepare(request.Config);
                    break;
                case Action.VerifyAndSave:
                    _saved = Prepare(request.Config);
                    break;
                case Action.VerifyAndCommit:
                    device.Commit(Prepare(request.Config));
                    break;
                case Action.Commit:
                    device.Commit(_saved ?? throw Rpc.Fault(StatusCode.FailedPrecondition, "no configuration was saved"));
                    _saved = null;
                    break;
                case Action.ReconcileAndCommit or Action.Unspecified or _:
                    throw Rpc.Fault(
                        request.Action == Action.ReconcileAndCommit ? StatusCode.Unimplemented : StatusCode.InvalidArgument,
                        $"the action {request.Action} is not supported");
            }
        }

        return Task.FromResult(new Wire.SetForwardingPipelineConfigResponse());
    }

    public override Task<Wire.GetForwardingPipelineConfigResponse> GetForwardingPipelineConfig(
        Wire.GetForwardingPipelineConfigRequest request, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        var config = RequirePipeline().Config;
        var answer = new Wire.ForwardingPipelineConfig { Cookie = config.Cookie };
        if (request.ResponseType is Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.All
            or Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.P4InfoAndCookie)
        {
            answer.P4Info = config.P4Info;
        }

        if (request.ResponseType is Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.All
            or Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.DeviceConfigAndCookie)
        {
            answer.P4DeviceConfig = config.P4DeviceConfig;
        }

        return Task.FromResult(new Wire.GetForwardingPipelineConfigResponse { Config = answer });
    }

    public override async Task StreamChannel(
        IAsyncStreamReader<Wire.StreamMessageRequest> requestStream, IServerStreamWriter<Wire.StreamMessageResponse> responseStream, ServerCallContext context)
    {
        var controller = new Controller();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var sending = SendAllAsync(controller, responseStream, ending.Token);
        try
        {
            while (await requestStream.MoveNext(ending.Token))
            {
                Handle(controller, requestStream.Current);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The controller hung up, or the switch ends: both end the stream in good order.
        }
        catch (IOException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The connection broke; the controller is as gone as if it had hung up.
        }
        finally
        {
            arbitration.Remove(controller);
            controller.Finish();
            await sending;
        }
    }

    private static async Task SendAllAsync(
        Controller controller, IServerStreamWriter<Wire.StreamMessageResponse> stream, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in controller.MessagesAsync(cancellation))
            {
                await stream.WriteAsync(message, cancellation);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException or RpcException)
        {
            // The stream has ended under the writer; its reader sees that too and cleans up.
        }
    }

    private void Handle(Controller controller, Wire.StreamMessageRequest message)
    {
        switch (message.UpdateCase)
        {
            case Wire.StreamMessageRequest.UpdateOneofCase.Arbitration:
                arbitration.Update(controller, message.Arbitration);
                break;
            case Wire.StreamMessageRequest.UpdateOneofCase.Packet:
                if (PacketOutProblem(controller, message.Packet) is { } problem)
                {
                    controller.Send(new Wire.StreamMessageResponse
                    {
                        Error = new Wire.StreamError
                        {
                            CanonicalCode = (int)problem.StatusCode,
                            Message = problem.Status.Detail,
                            PacketOut = new Wire.PacketOutError { PacketOut = message.Packet },
                        },
                    });
                }

                break;
            case Wire.StreamMessageRequest.UpdateOneofCase.DigestAck:
                // Digests are sent one by one and not held back, so an acknowledgement changes nothing.
                break;
            default:
                controller.Send(new Wire.StreamMessageResponse
                {
                    Error = new Wire.StreamError { CanonicalCode = (int)StatusCode.Unimplemented, Message = $"{message.UpdateCase} is not supported" },
                });
                break;
        }
    }

    private RpcException? PacketOutProblem(Controller controller, Wire.PacketOut packet)
    {
        if (!arbitration.IsPrimary(controller))
        {
            return Rpc.Fault(StatusCode.PermissionDenied, "only the primary controller may send packets");
        }

        if (!device.HasCpuPort || device.Pipeline is not { } pipeline)
        {
            return Rpc.Fault(StatusCode.FailedPrecondition, "there is no program or no CPU port");
        }

        try
        {
            device.Inject(PacketHeaders.FromPacketOut(pipeline.Codec.Info, packet));
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }

    private static RpcException? Attempt(EntityServer server, Wire.Update update)
    {
        try
        {
            server.Write(update);
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }

    private void RequireDevice(ulong id)
    {
        if (id != options.DeviceId)
        {
            throw Rpc.Fault(StatusCode.NotFound, $"there is no device {id} here, only {options.DeviceId}");
        }
    }

    private Pipeline RequirePipeline() =>
        device.Pipeline ?? throw Rpc.Fault(StatusCode.FailedPrecondition, "no forwarding pipeline has been set");

    private Pipeline Prepare(Wire.ForwardingPipelineConfig? config)
    {
        try
        {
            return device.Prepare(config?.P4Info is null ? throw Rpc.Invalid("a configuration without P4Info") : config);
        }
        catch (ProgramFormatException exception)
        {
            throw Rpc.Invalid($"the program cannot run here: {exception.Message}");
        }
    }
}
