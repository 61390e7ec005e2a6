using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>The stream of one controller.</summary>
internal sealed class TestController(AsyncDuplexStreamingCall<Wire.StreamMessageRequest, Wire.StreamMessageResponse> call) : IDisposable
{
    /// <summary>The code of the last arbitration update received.</summary>
    public StatusCode Status { get; private set; }

    public async Task ArbitrateAsync(ulong device, ulong? election)
    {
        await call.RequestStream.WriteAsync(
            new Wire.StreamMessageRequest
            {
                Arbitration = new Wire.MasterArbitrationUpdate
                {
                    DeviceId = device,
                    ElectionId = election is { } id ? new Wire.Uint128 { Low = id } : null,
                },
            },
            TestContext.Current.CancellationToken);
        await NextArbitrationAsync();
    }

    public async Task<StatusCode> NextArbitrationAsync()
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Status = (StatusCode)call.ResponseStream.Current.Arbitration.Status.Code;
        return Status;
    }

    public async Task HangUpAsync() => await call.RequestStream.CompleteAsync();

    public void Dispose() => call.Dispose();
}
