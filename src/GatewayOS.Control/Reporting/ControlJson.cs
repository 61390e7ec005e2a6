using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GatewayOS.Control.Reporting;

/// <summary>The spelling of requests and answers.</summary>
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
public sealed partial class ControlJson : JsonSerializerContext
{
    private static readonly ControlJson s_spelling = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It goes to a program, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Bytes(ControlRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, s_spelling.ControlRequest);

    public static byte[] Bytes(ControlAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, s_spelling.ControlAnswer);

    /// <exception cref="JsonException">It is none.</exception>
    public static ControlRequest? Request(string line) => JsonSerializer.Deserialize(line, s_spelling.ControlRequest);

    /// <exception cref="JsonException">It is none.</exception>
    public static ControlAnswer? Answer(string line) => JsonSerializer.Deserialize(line, s_spelling.ControlAnswer);
}
