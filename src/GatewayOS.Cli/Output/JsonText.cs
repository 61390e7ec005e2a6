using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GatewayOS.Cli.Commands;
using GatewayOS.Cli.Replaying;
using GatewayOS.Cli.Tracing;
using GatewayOS.Control.Reporting;
using GatewayOS.Explain;

namespace GatewayOS.Cli.Output;

/// <summary>JSON as all commands print it: one line, camel case. What is printed is listed here: in a native program there is no reflection to find it.</summary>
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(CompileReport))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(ReplayError))]
[JsonSerializable(typeof(ReplayResult))]
[JsonSerializable(typeof(TraceReport))]
[JsonSerializable(typeof(IReadOnlyList<ConnectionReport>))]
[JsonSerializable(typeof(IReadOnlyList<EntryStatus>))]
[JsonSerializable(typeof(IReadOnlyList<FlowCount>))]
[JsonSerializable(typeof(IReadOnlyList<PuntReport>))]
internal sealed partial class JsonText : JsonSerializerContext
{
    private static readonly JsonText s_spelling = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        // It goes to a terminal or a program, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase) },
    });

    /// <exception cref="NotSupportedException">The type is not listed.</exception>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)s_spelling.Options.GetTypeInfo(typeof(T)));
}
