using System.Text.Json;
using System.Text.Json.Serialization;

namespace GatewayOS.Vswitchd;

/// <summary>The spelling of commands and replies.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UnixctlRequest))]
[JsonSerializable(typeof(string))]
internal sealed partial class UnixctlJson : JsonSerializerContext;
