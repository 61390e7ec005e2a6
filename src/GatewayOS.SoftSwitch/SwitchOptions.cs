using System.Globalization;

namespace GatewayOS.SoftSwitch;

/// <summary>The command line, close to that of bmv2's simple_switch_grpc.</summary>
/// <param name="Ports">Ports of the device and the interfaces behind them.</param>
/// <param name="Address">Where P4Runtime is served: HOST:PORT or unix:PATH.</param>
/// <param name="DeviceId">The P4Runtime device id.</param>
/// <param name="CpuPort">The port that stands for the controller (packet in and out), 0 for none.</param>
/// <param name="Program">A bmv2 JSON to start with, or null.</param>
internal sealed record SwitchOptions(IReadOnlyDictionary<int, string> Ports, string Address, ulong DeviceId, int CpuPort, string? Program)
{
    public const string Usage =
        """
        usage: softswitch [-i PORT@INTERFACE]... [--grpc-server-addr HOST:PORT|unix:PATH] [--device-id ID] [--cpu-port PORT] [--no-p4 | PROGRAM.json]

          -i, --interface PORT@INTERFACE  the interface behind a port of the device (0 to 510); may be repeated
          --grpc-server-addr ADDRESS      where P4Runtime is served (default 127.0.0.1:9559)
          --device-id ID                  the P4Runtime device id (default 1)
          --cpu-port PORT                 the port of packet in and packet out (default: none)
          --no-p4                         start without a program and wait for P4Runtime to bring one
          PROGRAM.json                    a bmv2 JSON by p4c to start with
        """;

    /// <exception cref="FormatException">The arguments are wrong; the message says how.</exception>
    public static SwitchOptions Parse(IReadOnlyList<string> arguments)
    {
        var ports = new Dictionary<int, string>();
        var (address, deviceId, cpuPort) = ("127.0.0.1:9559", 1UL, 0);
        string? program = null;
        var bare = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{argument} needs a value");
            switch (argument)
            {
                case "-i" or "--interface":
                    var (port, name) = Interface(Value());
                    if (!ports.TryAdd(port, name))
                    {
                        throw new FormatException($"port {port} is given twice");
                    }

                    break;
                case "--grpc-server-addr":
                    address = Value();
                    break;
                case "--device-id":
                    deviceId = Number(argument, Value(), ulong.MaxValue);
                    break;
                case "--cpu-port":
                    cpuPort = (int)Number(argument, Value(), 510);
                    break;
                case "--no-p4":
                    bare = true;
                    break;
                case ['-', ..]:
                    throw new FormatException($"unknown option {argument}");
                default:
                    program = program is null ? argument : throw new FormatException($"a second program: {argument}");
                    break;
            }
        }

        return bare && program is not null
            ? throw new FormatException("--no-p4 excludes a program")
            : new SwitchOptions(ports, address, deviceId, cpuPort, program);
    }

    private static (int Port, string Name) Interface(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1
            ? ((int)Number("--interface", text[..at], 510), text[(at + 1)..])
            : throw new FormatException($"'{text}' is no PORT@INTERFACE");
    }

    private static ulong Number(string option, string text, ulong most) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            ? value
            : throw new FormatException($"{option}: '{text}' is not a number from 0 to {most}");
}
