using NLog;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;

namespace GatewayOS.Agent;

/// <summary>Logs to stderr: text for a person at a terminal, else a JSON object a line.</summary>
internal static class Logs
{
    public static LoggingConfiguration Configure(string level, bool isTerminal)
    {
        var target = new ConsoleTarget("stderr")
        {
            StdErr = true,
            Layout = isTerminal
                ? "${time} ${level:uppercase=true:padding=-5} ${message}${onexception:${newline}${exception:format=tostring}}"
                : new JsonLayout
                {
                    Attributes =
                    {
                        new JsonAttribute("time", "${date:universalTime=true:format=o}"),
                        new JsonAttribute("level", "${level:lowercase=true}"),
                        new JsonAttribute("logger", "${logger}"),
                        new JsonAttribute("event", "${event-properties:EventId}") { Encode = false },
                        new JsonAttribute("message", "${message}"),
                        new JsonAttribute("exception", "${exception:format=tostring}"),
                    },
                    IncludeEventProperties = true,
                    ExcludeProperties = new HashSet<string> { "EventId", "EventId_Id", "EventId_Name" },
                },
        };
        var configuration = new LoggingConfiguration();
        // What the host and gRPC say on their own is of interest only when it is bad.
        configuration.AddRule(LogLevel.Warn, LogLevel.Fatal, target, "Microsoft.*", final: true);
        configuration.AddRule(LogLevel.Off, LogLevel.Off, target, "Microsoft.*", final: true);
        configuration.AddRule(LogLevel.Error, LogLevel.Fatal, target, "Grpc.*", final: true);
        configuration.AddRule(LogLevel.FromString(level), LogLevel.Fatal, target, "GatewayOS.*");
        return configuration;
    }
}
