using System.Net.Sockets;
using GatewayOS.P4Runtime.Protocol.Config;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>A switch in this process, served on a Unix socket, with a client.</summary>
internal sealed class RunningSwitch : IAsyncDisposable
{
    public const ulong DeviceId = 3;

    private readonly WebApplication _app;
    private readonly string _path;
    private readonly GrpcChannel _channel;

    private RunningSwitch(WebApplication app, string path)
    {
        (_app, _path) = (app, path);
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            },
        });
        Client = new Wire.P4Runtime.P4RuntimeClient(_channel);
    }

    public Wire.P4Runtime.P4RuntimeClient Client { get; }

    public static async Task<RunningSwitch> StartAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"softswitch-{Guid.NewGuid():N}.sock");
        var app = SwitchHost.Build(new SwitchOptions(new Dictionary<int, string>(), $"unix:{path}", DeviceId, 0, null));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningSwitch(app, path);
    }

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programs", name));

    public static P4Info Info(string name) =>
        new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<P4Info>(Text($"{name}.p4info.json"));

    /// <summary>Opens a stream and asks to be the controller with this election id; returns the stream after the first answer.</summary>
    public async Task<TestController> ConnectAsync(ulong? election)
    {
        var controller = new TestController(Client.StreamChannel(cancellationToken: TestContext.Current.CancellationToken));
        await controller.ArbitrateAsync(DeviceId, election);
        return controller;
    }

    public static Wire.ForwardingPipelineConfig Features(ulong cookie = 42) => new()
    {
        P4Info = Info("features"),
        P4DeviceConfig = ByteString.CopyFromUtf8(Text("features.json")),
        Cookie = new Wire.ForwardingPipelineConfig.Types.Cookie { Cookie_ = cookie },
    };

    public async Task SetPipelineAsync(ulong election) => await Client.SetForwardingPipelineConfigAsync(new Wire.SetForwardingPipelineConfigRequest
    {
        DeviceId = DeviceId,
        ElectionId = new Wire.Uint128 { Low = election },
        Action = Wire.SetForwardingPipelineConfigRequest.Types.Action.VerifyAndCommit,
        Config = Features(),
    }, cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        File.Delete(_path);
    }
}
