using GatewayOS.Bmv2;
using GatewayOS.SoftSwitch;
using NLog;

var options = default(SwitchOptions);
try
{
    options = SwitchOptions.Parse(args);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync($"softswitch: {exception.Message}\n\n{SwitchOptions.Usage}");
    return 2;
}

try
{
    await using var app = SwitchHost.Build(options);
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is ProgramFormatException or IOException or FormatException)
{
    await Console.Error.WriteLineAsync($"softswitch: {exception.Message}");
    return 1;
}
finally
{
    LogManager.Shutdown();
}
