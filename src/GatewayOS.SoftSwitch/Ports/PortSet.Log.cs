namespace GatewayOS.SoftSwitch.Ports;

internal sealed partial class PortSet
{
    [LoggerMessage(1700, LogLevel.Warning, "port {Port}: {Interface} is not usable, waiting for it: {Reason}")]
    private static partial void LogLost(ILogger logger, int port, string @interface, string reason);

    [LoggerMessage(1701, LogLevel.Information, "port {Port}: {Interface} is in use")]
    private static partial void LogBack(ILogger logger, int port, string @interface);
}
