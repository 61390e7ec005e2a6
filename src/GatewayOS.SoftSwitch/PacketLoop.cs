using GatewayOS.SoftSwitch.Ports;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch;

/// <summary>Starts the program of the command line and the ports, and watches for idle entries.</summary>
internal sealed partial class PacketLoop(
    SwitchDevice device, PortSet ports, SwitchOptions options, TimeProvider time, ILogger<PacketLoop> logger, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private static readonly TimeSpan s_idleInterval = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Program is { } path)
        {
            var program = Google.Protobuf.ByteString.CopyFrom(await File.ReadAllBytesAsync(path, stoppingToken));
            device.Commit(device.Prepare(new Wire.ForwardingPipelineConfig { P4Info = new Wire.Config.P4Info(), P4DeviceConfig = program }));
        }

        ports.Open();
        LogStarted(logger, options.DeviceId, options.Address, options.Ports.Count);
        var loop = new Thread(Move) { Name = "packets", IsBackground = true };
        loop.Start();
        using var timer = new PeriodicTimer(s_idleInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                device.ReportIdle();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The switch ends.
        }
        finally
        {
            ports.Stop();
            loop.Join();
        }
    }

    private void Move()
    {
        try
        {
            ports.Run(device.Receive);
        }
#pragma warning disable CA1031 // A switch that moves no packets must not look alive: whatever it was, the process ends and says so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1702, LogLevel.Information, "device {Device} serves P4Runtime on {Address} and has {Ports} ports")]
    private static partial void LogStarted(ILogger logger, ulong device, string address, int ports);

    [LoggerMessage(1703, LogLevel.Critical, "the packet loop failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
