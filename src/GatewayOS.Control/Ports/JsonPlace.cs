using System.Globalization;
using System.Text.Json;
using GatewayOS.Core;

namespace GatewayOS.Control.Ports;

/// <summary>A value of a JSON document with its path; what does not fit is noted as a problem and read as nothing.</summary>
internal sealed class JsonPlace(JsonElement element, string path, List<string> problems)
{
    public bool Has(string key) => Find(key) is { ValueKind: not JsonValueKind.Null };

    public void Problem(string key, string found, string remedy) => problems.Add($"{path}.{key} is {found}: {remedy}");

    public string? Text(string key, bool isRequired)
    {
        switch (Find(key))
        {
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString();
            case null or { ValueKind: JsonValueKind.Null }:
                if (isRequired)
                {
                    Problem(key, "missing", "add it as a string");
                }

                return null;
            case { } other:
                Problem(key, other.GetRawText(), "write a string");
                return null;
        }
    }

    /// <param name="key">The key.</param>
    /// <param name="fallback">The value of an absent key; null if it must be there.</param>
    /// <param name="lowest">The least allowed.</param>
    /// <param name="highest">The greatest allowed.</param>
    public int? Number(string key, int? fallback, int lowest, int highest)
    {
        var remedy = string.Create(CultureInfo.InvariantCulture, $"write a number from {lowest} to {highest}");
        switch (Find(key))
        {
            case { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= lowest && value <= highest:
                return value;
            case null or { ValueKind: JsonValueKind.Null }:
                if (fallback is null)
                {
                    Problem(key, "missing", remedy);
                }

                return fallback;
            case { } other:
                Problem(key, other.GetRawText(), remedy);
                return null;
        }
    }

    public MacAddress? Mac(string key) => Text(key, isRequired: true) is { } text ? ReadMac(text, $"{path}.{key}") : null;

    /// <summary>This value itself as a MAC address.</summary>
    public MacAddress? Mac() => ReadMac(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText(), path);

    public uint? IPv4(string key)
    {
        if (Text(key, isRequired: true) is not { } text)
        {
            return null;
        }

        if (IpAddress.TryParseV4(text, out var address))
        {
            return address;
        }

        Problem(key, $"'{text}'", "write an IPv4 address such as 172.31.0.1");
        return null;
    }

    public JsonPlace? Object(string key) => Find(key) is { ValueKind: not JsonValueKind.Null } found ? new JsonPlace(found, $"{path}.{key}", problems) : null;

    public IEnumerable<JsonPlace> Items(string key, bool isRequired)
    {
        var found = Find(key);
        if (found is { ValueKind: JsonValueKind.Array } array)
        {
            return array.EnumerateArray()
                .Select((item, index) => new JsonPlace(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{key}[{index}]"), problems));
        }

        if (isRequired || found is { ValueKind: not JsonValueKind.Null })
        {
            Problem(key, found?.GetRawText() ?? "missing", "write a list: [ ... ]");
        }

        return [];
    }

    private MacAddress? ReadMac(string text, string place)
    {
        if (MacAddress.TryParse(text, out var mac))
        {
            return mac;
        }

        problems.Add($"{place} is '{text}': write a MAC address such as 02:00:00:00:00:01");
        return null;
    }

    private JsonElement? Find(string key)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return element.TryGetProperty(key, out var value) ? value : null;
        }

        var problem = $"{path} is {element.GetRawText()}: write an object: {{ ... }}";
        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }

        return null;
    }
}
