using System.Text.Json;
using GatewayOS.Cli.Output;

namespace GatewayOS.Cli.Replaying;

/// <summary>Turns a line of input into a line of output.</summary>
internal static class ReplayLine
{
    private const string Form = "write {\"port\": NAME, \"packet\": HEX}";

    public static string Answer(ReplayMachine machine, string text, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var (port, packet) = (Text(document.RootElement, "port"), Text(document.RootElement, "packet"));
            if (port is null || packet is null)
            {
                return Error(port is null ? "there is no string \"port\"" : "there is no string \"packet\"", number, Form);
            }

            if (machine.NumberOf(port) is not { } device)
            {
                return Error($"there is no port '{port}'", number, $"name one of {string.Join(", ", machine.PortNames)}");
            }

            return JsonText.Of(machine.Process(device, Convert.FromHexString(packet)));
        }
        catch (JsonException failure)
        {
            return Error($"it is not JSON: {failure.Message}", number, Form);
        }
        catch (FormatException)
        {
            return Error("the packet is not hexadecimal", number, "write two digits, 0 to f, for each octet");
        }
    }

    private static string Error(string error, int line, string remedy) => JsonText.Of(new ReplayError(error, line, remedy));

    private static string? Text(JsonElement root, string key) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
