using GatewayOS.P4;
using GatewayOS.P4Runtime;
using GatewayOS.P4Runtime.Protocol.Config;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>A device whose process hangs keeps its connection: who waits for it is told so in time.</summary>
public sealed class SilentDeviceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Without the tables that no program of ours has the like of.
    private static P4Info Program
    {
        get
        {
            var info = RunningSwitch.Info("features");
            foreach (var table in info.Tables.Where(table => table.MatchFields.Any(key => key.MatchType == MatchField.Types.MatchType.Optional)).ToList())
            {
                info.Tables.Remove(table);
            }

            return info;
        }
    }

    [Fact]
    public async Task Calls_that_nobody_answers_end_and_name_the_device_and_the_remedy()
    {
        var path = Path.Combine(Path.GetTempPath(), $"silent-{Guid.NewGuid():N}.sock");
        await using var device = await ServeAsync(path);
        // The first call takes long: the device has yet to be compiled.
        await using (var first = await ConnectAsync(P4RuntimeSession.UsualPatience))
        {
            await first.AdoptPipelineAsync(Token);
        }

        await using var session = await ConnectAsync(s_patience);
        await session.AdoptPipelineAsync(Token);
        var group = new MulticastGroup(1, [new Replica(1, 1)]);
        await AssertSilentAsync(() => session.WriteAsync([new EntityUpdate(UpdateKind.Insert, group)], Token), "write 1 updates");
        await AssertSilentAsync(async () => await session.ReadEntriesAsync(null, counters: false, Token).ToListAsync(Token), "read TableEntry");
        await AssertSilentAsync(() => session.LoadPipelineAsync(new ForwardingPipeline(new P4InfoIndex(Program), [], 1), Token), "ask which program runs");

        Task<P4RuntimeSession> ConnectAsync(TimeSpan patience) => P4RuntimeSession.ConnectAsync($"unix:{path}", 1, 1, patience, NullLogger<P4RuntimeSession>.Instance, Token);

        async Task AssertSilentAsync(Func<Task> call, string attempt)
        {
            var failure = await Assert.ThrowsAsync<P4RuntimeException>(call);
            Assert.Equal((P4RuntimeFault.Silent, $"unix:{path}"), (failure.Fault, failure.Remote));
            Assert.Contains($"could not {attempt}: no answer for 1 s. Restart the device's process", failure.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<WebApplication> ServeAsync(string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<SilentDevice>();
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>Answers the arbitration and, once, what it runs.</summary>
    public sealed class SilentDevice : Wire.P4Runtime.P4RuntimeBase
    {
        public override async Task StreamChannel(
            IAsyncStreamReader<Wire.StreamMessageRequest> requestStream, IServerStreamWriter<Wire.StreamMessageResponse> responseStream, ServerCallContext context)
        {
            await requestStream.MoveNext(context.CancellationToken);
            await responseStream.WriteAsync(new Wire.StreamMessageResponse { Arbitration = requestStream.Current.Arbitration }, context.CancellationToken);
            await requestStream.MoveNext(context.CancellationToken);
        }

        public override async Task<Wire.GetForwardingPipelineConfigResponse> GetForwardingPipelineConfig(Wire.GetForwardingPipelineConfigRequest request, ServerCallContext context)
        {
            if (request.ResponseType != Wire.GetForwardingPipelineConfigRequest.Types.ResponseType.P4InfoAndCookie)
            {
                await UntilGivenUpAsync(context);
            }

            return new Wire.GetForwardingPipelineConfigResponse { Config = new Wire.ForwardingPipelineConfig { P4Info = Program } };
        }

        public override async Task<Wire.WriteResponse> Write(Wire.WriteRequest request, ServerCallContext context)
        {
            await UntilGivenUpAsync(context);
            return new Wire.WriteResponse();
        }

        public override Task Read(Wire.ReadRequest request, IServerStreamWriter<Wire.ReadResponse> responseStream, ServerCallContext context) => UntilGivenUpAsync(context);

        private static Task UntilGivenUpAsync(ServerCallContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
    }
}
