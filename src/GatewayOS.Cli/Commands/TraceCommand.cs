using System.Collections.Immutable;
using System.CommandLine;
using GatewayOS.Cli.Output;
using GatewayOS.Cli.Tracing;
using GatewayOS.Reference;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl trace</c>: what logical flows do with one packet, by the reference interpreter.</summary>
internal static class TraceCommand
{
    public static Command Create(TextWriter output)
    {
        var options = new OfflineOptions(portsRequired: false);
        var datapath = new Option<string>("--datapath") { Description = "The logical switch or router that the packet enters: name or UUID.", HelpName = "DP", Required = true };
        var microflow = new Option<string>("--microflow") { Description = "The packet, as a match that leaves no choice.", HelpName = "MATCH", Required = true };
        var states = Values("--ct", "STATE", "The result of the next conntrack look-up, such as new or est,rpl. Default: est.");
        var backends = Values("--lb-dst", "ADDRESS[:PORT]", "The backend that a load balancer picks. Default: the first.");
        var members = Values("--select-id", "ID", "The member that select picks. Default: the first.");
        var detailed = new Option<bool>("--detailed") { Description = "Table by table (the default)." };
        var summary = new Option<bool>("--summary") { Description = "Actions without tables." };
        var minimal = new Option<bool>("--minimal") { Description = "Only what can be seen from outside." };
        var json = JsonOption.Create();
        var command = new Command("trace", "Evaluates logical flows for one packet, as ovn-trace does, and the physical steps between chassis.")
        {
            options.Southbound, options.Chassis, options.PrivateKey, options.Certificate, options.CaCertificate,
            datapath, microflow, states, backends, members, detailed, summary, minimal, json,
        };
        command.SetAction(async (line, token) =>
        {
            var given = await OfflineInput.LoadAsync(line, options, token);
            var interpreter = new Interpreter(new ReferenceNetwork(given.Southbound, given.Chassis));
            var entry = interpreter.Network.Datapath(line.GetValue(datapath)!)
                ?? throw new CommandException($"unknown datapath \"{line.GetValue(datapath)}\"");
            var wanted = new Queue<string>(line.GetValue(backends)!.Concat(line.GetValue(members)!));
            var packet = Packet(interpreter, entry, line.GetValue(microflow)!);
            var result = interpreter.Trace(new TraceRequest(entry, packet)
            {
                States = [.. line.GetValue(states)!.Select(State)],
                Choose = choice => Choose(choice, wanted),
            });
            if (wanted.TryPeek(out var unused))
            {
                throw new CommandException($"nothing on the packet's way offers '{unused}' (--lb-dst, --select-id)");
            }

            if (line.GetValue(json))
            {
                await output.WriteLineAsync(JsonText.Of(TraceReport.Of(result, packet, interpreter.Fields)));
                return;
            }

            var forms = Forms(line.GetValue(detailed), line.GetValue(summary), line.GetValue(minimal)).Select(form => form(result.Root));
            await output.WriteAsync($"# {line.GetValue(microflow)}\n{string.Concat(forms)}");
        });
        return command;
    }

    private static Reference.Packets.Packet Packet(Interpreter interpreter, ReferenceDatapath entry, string microflow)
    {
        try
        {
            var packet = interpreter.ParseMicroflow(entry, microflow);
            return packet[interpreter.Fields.InPort] != 0 ? packet
                : throw new CommandException($"microflow does not specify ingress port, or one that is not there; \"{entry.FriendlyName}\" has {SomePorts(entry)}");
        }
        catch (FormatException failure)
        {
            throw new CommandException(failure.Message, failure);
        }
    }

    private static string SomePorts(ReferenceDatapath datapath)
    {
        const int Shown = 8;
        var names = datapath.Ports.Select(port => port.Name).Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
    }

    private static ImmutableArray<Func<TraceNode, string>> Forms(bool detailed, bool summary, bool minimal) =>
    [
        .. detailed || !(summary || minimal) ? [TraceText.Detailed] : ImmutableArray<Func<TraceNode, string>>.Empty,
        .. summary ? [TraceText.Summary] : ImmutableArray<Func<TraceNode, string>>.Empty,
        .. minimal ? [TraceText.Minimal] : ImmutableArray<Func<TraceNode, string>>.Empty,
    ];

    private static ConnectionState State(string text) =>
        ConnectionStates.TryParse(text, out var state, out var error) ? state : throw new CommandException($"--ct {error}");

    // A wish is used up by the first choice that has it; it may leave the port out.
    private static int Choose(TraceChoice choice, Queue<string> wanted)
    {
        if (!wanted.TryPeek(out var wish))
        {
            return 0;
        }

        var found = choice.Alternatives.ToList().FindIndex(item => item == wish || item.StartsWith($"{wish}:", StringComparison.Ordinal) || item.StartsWith($"[{wish}]", StringComparison.Ordinal));
        if (found < 0)
        {
            return 0;
        }

        wanted.Dequeue();
        return found;
    }

    private static Option<string[]> Values(string name, string help, string description) =>
        new(name) { Description = description + " May be given several times.", HelpName = help, DefaultValueFactory = _ => [] };
}
