using Microsoft.Extensions.Logging;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime;

public sealed partial class P4RuntimeSession
{
    [LoggerMessage(1300, LogLevel.Information, "Connected to {Remote}, device {DeviceId}, primary: {Primary}")]
    private static partial void LogConnected(ILogger logger, string remote, ulong deviceId, bool primary);

    [LoggerMessage(1301, LogLevel.Information, "Arbitration of {Remote}: primary: {Primary}")]
    private static partial void LogArbitration(ILogger logger, string remote, bool primary);

    [LoggerMessage(1302, LogLevel.Information, "Loaded the program {Cookie:x16} into {Remote}")]
    private static partial void LogPipelineLoaded(ILogger logger, string remote, ulong cookie);

    [LoggerMessage(1303, LogLevel.Debug, "Ignored a stream message of {Remote}: {Kind}")]
    private static partial void LogIgnored(ILogger logger, string remote, Wire.StreamMessageResponse.UpdateOneofCase kind);

    [LoggerMessage(1304, LogLevel.Debug, "Wrote {Count} updates to {Remote}, {Failed} failed")]
    private static partial void LogWrote(ILogger logger, int count, string remote, int failed);
}
