using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using GatewayOS.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime;

/// <summary>One connection to one P4Runtime device, as the default role (P4Runtime 1.5, 5).</summary>
/// <remarks>
/// <code>
///           ConnectAsync                LoadPipelineAsync
///   (none) --------------> arbitrated --------------------> WriteAsync, Read...Async
///                              |  the stream ends
///                              v
///                           broken: every call and NotificationsAsync throw; the caller makes a new session
/// </code>
/// A session does not reconnect: what a device holds after a break is unknown, so its user starts over with a read. All methods may be called from
/// several threads; <see cref="NotificationsAsync"/> by one reader.
/// </remarks>
public sealed partial class P4RuntimeSession : IAsyncDisposable
{
    /// <summary>How long a device may take for a call, unless told otherwise.</summary>
    public static TimeSpan UsualPatience { get; } = TimeSpan.FromSeconds(60);

    private readonly string _remote;
    private readonly TimeSpan _patience;
    private readonly ulong _deviceId;
    private readonly ILogger _logger;
    private readonly GrpcChannel _channel;
    private readonly Wire.P4Runtime.P4RuntimeClient _client;
    private readonly AsyncDuplexStreamingCall<Wire.StreamMessageRequest, Wire.StreamMessageResponse> _stream;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Channel<SwitchNotification> _notifications =
        Channel.CreateUnbounded<SwitchNotification>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource _arbitrated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private volatile Wire.Uint128 _electionId;
    private volatile bool _primary;
    private volatile P4InfoIndex? _index;

    private P4RuntimeSession(string remote, ulong deviceId, UInt128 electionId, TimeSpan patience, ILogger logger)
    {
        (_remote, _deviceId, _patience, _logger) = (remote, deviceId, patience, logger);
        _electionId = ToWire(electionId);
        _channel = Channels.Open(remote);
        _client = new Wire.P4Runtime.P4RuntimeClient(_channel);
        _stream = _client.StreamChannel();
        _receiving = ReceiveAsync();
    }

    /// <summary>Whether this session may write now.</summary>
    public bool IsPrimary => _primary;

    /// <summary>Connects and takes part in the election; a backup is a session, too.</summary>
    /// <param name="remote"><c>host:port</c> or <c>unix:/path</c>, without TLS.</param>
    /// <param name="deviceId">bmv2 has 0 unless told otherwise.</param>
    /// <param name="electionId">The highest is primary; equal ids are refused.</param>
    /// <param name="patience">How long the device may take for a call, or be silent in a read: a process that hangs keeps its connection.</param>
    /// <param name="logger">Events 1300 to 1399.</param>
    /// <param name="cancellationToken">Bounds the wait for the first answer.</param>
    /// <exception cref="P4RuntimeException">Nobody answers, or the election id is taken.</exception>
    public static async Task<P4RuntimeSession> ConnectAsync(
        string remote, ulong deviceId, UInt128 electionId, TimeSpan patience, ILogger<P4RuntimeSession> logger, CancellationToken cancellationToken)
    {
        var session = new P4RuntimeSession(remote, deviceId, electionId, patience, logger);
        try
        {
            await session.ClaimAsync(electionId, cancellationToken);
            await session._arbitrated.Task.WaitAsync(cancellationToken);
            LogConnected(logger, remote, deviceId, session._primary);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes part in the election with another id from now on; the answer comes as a notification.</summary>
    /// <exception cref="P4RuntimeException">The stream is broken.</exception>
    public Task ClaimAsync(UInt128 electionId, CancellationToken cancellationToken)
    {
        _electionId = ToWire(electionId);
        return SendAsync(
            new Wire.StreamMessageRequest { Arbitration = new() { DeviceId = _deviceId, ElectionId = _electionId } }, "ask for arbitration", cancellationToken);
    }

    /// <summary>What the device says on its own, until the session is disposed or breaks.</summary>
    /// <exception cref="P4RuntimeException">The stream broke.</exception>
    public IAsyncEnumerable<SwitchNotification> NotificationsAsync(CancellationToken cancellationToken) =>
        _notifications.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Sends a packet from the controller; the device answers only to say that it could not.</summary>
    public Task SendPacketAsync(ReadOnlyMemory<byte> payload, EquatableArray<PacketField> metadata, CancellationToken cancellationToken)
    {
        var packet = new Wire.PacketOut { Payload = Google.Protobuf.ByteString.CopyFrom(payload.Span) };
        foreach (var field in metadata)
        {
            packet.Metadata.Add(new Wire.PacketMetadata { MetadataId = field.Id, Value = Bitstrings.Encode(field.Value) });
        }

        return SendAsync(new Wire.StreamMessageRequest { Packet = packet }, "send a packet", cancellationToken);
    }

    /// <summary>Makes sure that the device runs the program; the one with the same cookie stays, with its entries.</summary>
    /// <returns>Whether the program was loaded, so that all tables are empty.</returns>
    public async Task<bool> LoadPipelineAsync(ForwardingPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await CookieAsync(cancellationToken) == pipeline.Cookie)
        {
            _index = pipeline.Info;
            return false;
        }

        var request = new Wire.SetForwardingPipelineConfigRequest
        {
            DeviceId = _deviceId,
            ElectionId = _electionId,
            Action = Wire.SetForwardingPipelineConfigRequest.Types.Action.VerifyAndCommit,
            Config = new Wire.ForwardingPipelineConfig
            {
                P4Info = pipeline.Info.Info,
                P4DeviceConfig = pipeline.DeviceConfig,
                Cookie = new() { Cookie_ = pipeline.Cookie },
            },
        };
        try
        {
            await _client.SetForwardingPipelineConfigAsync(request, Bounded(cancellationToken));
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw failure.StatusCode is StatusCode.InvalidArgument or StatusCode.Internal or StatusCode.Unknown
                ? new P4RuntimeException(
                    P4RuntimeFault.PipelineRefused, _remote, $"the program was refused: {failure.Status.Detail}", failure)
                : P4RuntimeException.From(failure, _remote, "load the program", _patience);
        }

        _index = pipeline.Info;
        LogPipelineLoaded(_logger, _remote, pipeline.Cookie);
        return true;
    }

    /// <summary>Takes names and ids from the program that the device runs, for those who only look.</summary>
    public async Task<P4InfoIndex> AdoptPipelineAsync(CancellationToken cancellationToken)
    {
        var response = await ConfigAsync(
            Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.P4InfoAndCookie, cancellationToken);
        if (response?.Config?.P4Info is not { } info)
        {
            throw new P4RuntimeException(P4RuntimeFault.PipelineMismatch, _remote, "the device runs no program");
        }

        return _index = new P4InfoIndex(info);
    }

    public async ValueTask DisposeAsync()
    {
        _stream.Dispose();
        await _receiving;
        await _channel.ShutdownAsync();
        _channel.Dispose();
        _sending.Dispose();
    }

    private static Wire.Uint128 ToWire(UInt128 electionId) => new() { High = (ulong)(electionId >> 64), Low = (ulong)electionId };

    private P4InfoIndex Index => _index
        ?? throw new P4RuntimeException(P4RuntimeFault.PipelineMismatch, _remote, "no program was loaded or adopted in this session");

    private async Task<ulong?> CookieAsync(CancellationToken cancellationToken) =>
        (await ConfigAsync(Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.CookieOnly, cancellationToken))?.Config?.Cookie?.Cookie_;

    private async Task<Wire.GetForwardingPipelineConfigResponse?> ConfigAsync(
        Wire.GetForwardingPipelineConfigRequest.Types.ResponseType type, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetForwardingPipelineConfigAsync(
                new Wire.GetForwardingPipelineConfigRequest { DeviceId = _deviceId, ResponseType = type },
                Bounded(cancellationToken));
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.FailedPrecondition)
        {
            // Section 15: what a device without a program answers.
            return null;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw P4RuntimeException.From(failure, _remote, "ask which program runs", _patience);
        }
    }

    private CallOptions Bounded(CancellationToken cancellationToken) =>
        new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken);

    private async Task SendAsync(Wire.StreamMessageRequest message, string attempt, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _stream.RequestStream.WriteAsync(message, cancellationToken);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw P4RuntimeException.From(failure, _remote, attempt, _patience);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            await foreach (var message in _stream.ResponseStream.ReadAllAsync())
            {
                if (Notification(message) is { } notification)
                {
                    _notifications.Writer.TryWrite(notification);
                }
            }

            Break(new P4RuntimeException(P4RuntimeFault.Unreachable, _remote, "the device closed the stream"));
        }
        catch (RpcException failure)
        {
            Break(P4RuntimeException.From(failure, _remote, "keep the stream", _patience));
        }
        catch (FormatException failure)
        {
            Break(new P4RuntimeException(P4RuntimeFault.PipelineMismatch, _remote, failure.Message, failure));
        }
    }

    private void Break(P4RuntimeException failure)
    {
        _primary = false;
        _arbitrated.TrySetException(failure);
        _notifications.Writer.TryComplete(failure);
        // Whoever waits sees it; a disposed session has nobody left who waits.
        _ = _arbitrated.Task.Exception;
    }

    private SwitchNotification? Notification(Wire.StreamMessageResponse message)
    {
        switch (message.UpdateCase)
        {
            case Wire.StreamMessageResponse.UpdateOneofCase.Arbitration:
                var arbitration = message.Arbitration;
                _primary = arbitration.Status is null or { Code: 0 };
                _arbitrated.TrySetResult();
                LogArbitration(_logger, _remote, _primary);
                return new SwitchNotification.Arbitration(
                    _primary,
                    new UInt128(arbitration.ElectionId?.High ?? 0, arbitration.ElectionId?.Low ?? 0),
                    arbitration.Status is { Code: (int)StatusCode.NotFound });
            case Wire.StreamMessageResponse.UpdateOneofCase.IdleTimeoutNotification when _index is { } index:
                return new SwitchNotification.IdleTimeout(
                    message.IdleTimeoutNotification.TableEntry.Select(entry => EntityReader.EntryKey(index, entry)).ToEquatableArray());
            case Wire.StreamMessageResponse.UpdateOneofCase.Packet:
                return new SwitchNotification.PacketIn(
                    message.Packet.Payload.Memory,
                    message.Packet.Metadata.Select(field => new PacketField(field.MetadataId, Bitstrings.Decode(field.Value)))
                        .ToEquatableArray());
            case Wire.StreamMessageResponse.UpdateOneofCase.Error:
                return new SwitchNotification.Failed((WriteStatus)message.Error.CanonicalCode, message.Error.Message);
            default:
                LogIgnored(_logger, _remote, message.UpdateCase);
                return null;
        }
    }
}
