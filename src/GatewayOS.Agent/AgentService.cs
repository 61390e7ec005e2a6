using GatewayOS.Control.Reporting;
using GatewayOS.Control.Running;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Agent;

/// <summary>Hosts the control loop and its socket; whichever fails ends the program.</summary>
internal sealed partial class AgentService(
    AgentConfiguration configuration, GatewayControl control, ControlSocket socket, ILogger<AgentService> logger) : BackgroundService
{
    private readonly ILogger _logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogStarting(configuration.Control.DeviceAddress, configuration.Control.OpenVSwitch.ToString());
        try
        {
            await await Task.WhenAny(control.RunAsync(stoppingToken), socket.RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped();
        }
        catch (Exception failure)
        {
            // The host stops when this service fails, but does not tell.
            LogFailed(failure);
            Environment.ExitCode = 1;
            throw;
        }
    }

    [LoggerMessage(1800, LogLevel.Information, "Starting: device {Device}, local database {OpenVSwitch}")]
    private partial void LogStarting(string device, string openVSwitch);

    [LoggerMessage(1802, LogLevel.Critical, "Failed; the entries stay on the device")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(1801, LogLevel.Information, "Stopped; the entries stay on the device")]
    private partial void LogStopped();
}
