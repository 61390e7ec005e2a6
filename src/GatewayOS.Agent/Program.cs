using GatewayOS.Agent;
using GatewayOS.Control.Reporting;
using GatewayOS.Control.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NLog.Extensions.Logging;

const int WrongConfiguration = 2;
const string Usage = "usage: gatewayd [--config FILE] [--check]";

var path = "/etc/gatewayos/gatewayd.toml";
var isCheck = false;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--config" when i + 1 < args.Length:
            path = args[++i];
            break;
        case "--check":
            isCheck = true;
            break;
        case "--help" or "-h":
            await Console.Out.WriteLineAsync(Usage);
            return 0;
        default:
            await Console.Error.WriteLineAsync($"gatewayd: {args[i]}: {Usage}");
            return WrongConfiguration;
    }
}

AgentConfiguration configuration;
try
{
    configuration = ConfigurationReader.ReadFile(path);
}
catch (ConfigurationException failure)
{
    foreach (var problem in failure.Problems)
    {
        await Console.Error.WriteLineAsync($"gatewayd: {path}: {problem}");
    }

    return WrongConfiguration;
}

if (isCheck)
{
    return 0;
}

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Services.AddSystemd();
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace)
    .AddNLog(Logs.Configure(configuration.LogLevel, isTerminal: !Console.IsErrorRedirected));
builder.Services.AddSingleton(configuration);
builder.Services.AddSingleton(configuration.Control);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<GatewayControl>();
builder.Services.AddSingleton<Reporter>();
builder.Services.AddSingleton(services => new ControlSocket(
    configuration.ControlSocket, services.GetRequiredService<Reporter>(), services.GetRequiredService<ILogger<ControlSocket>>()));
builder.Services.AddHostedService<AgentService>();
using var host = builder.Build();
await host.RunAsync();
return Environment.ExitCode;
