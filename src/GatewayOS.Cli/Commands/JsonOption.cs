using System.CommandLine;

namespace GatewayOS.Cli.Commands;

internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print JSON for programs." };
}
