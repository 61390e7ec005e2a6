using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace GatewayOS.Bmv2.Loading;

/// <summary>A part of the document that knows where it is, so that every complaint about it says so.</summary>
internal readonly record struct JsonPart(JsonElement Element, string Path)
{
    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public JsonPart this[string name] => Find(name) ?? throw Error($"the member '{name}' is missing");

    public JsonPart this[int index] => Items.ElementAtOrDefault(index) is { Path: not null } item
        ? item
        : throw Error($"has no element {index.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The elements of an array.</summary>
    public IEnumerable<JsonPart> Items
    {
        get
        {
            Require(JsonValueKind.Array, "an array");
            var path = Path;
            return Element.EnumerateArray().Select((item, index) => new JsonPart(item, FormattableString.Invariant($"{path}[{index}]")));
        }
    }

    public string Text
    {
        get
        {
            Require(JsonValueKind.String, "a string");
            return Element.GetString()!;
        }
    }

    public int Integer => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value)
        ? value
        : throw Error("a 32-bit integer is expected");

    public bool Boolean => Element.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Element.GetBoolean()
        : throw Error("a boolean is expected");

    /// <summary>A string such as <c>0x1f</c> or <c>-0x1</c>.</summary>
    public BigInteger Hex
    {
        get
        {
            var text = Text.AsSpan();
            var negative = text.StartsWith("-");
            text = negative ? text[1..] : text;
            text = text.StartsWith("0x") ? text[2..] : text;

            // A leading 0 keeps BigInteger from taking the top digit for a sign.
            return BigInteger.TryParse($"0{text}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && !text.IsEmpty
                ? negative ? -value : value
                : throw Error($"'{Text}' is not a hexadecimal number");
        }
    }

    public JsonPart? Find(string name)
    {
        Require(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(name, out var value) ? new JsonPart(value, $"{Path}.{name}") : null;
    }

    /// <summary>The elements of an array that may be left out.</summary>
    public IEnumerable<JsonPart> Optional(string name) => Find(name) is { IsNull: false } part ? part.Items : [];

    public ProgramFormatException Error(string problem) => new(Path, problem);

    private void Require(JsonValueKind kind, string wanted)
    {
        if (Element.ValueKind != kind)
        {
            throw Error($"{wanted} is expected");
        }
    }
}
