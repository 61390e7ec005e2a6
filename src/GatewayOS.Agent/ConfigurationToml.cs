using Tomlyn.Model;
using Tomlyn.Serialization;

namespace GatewayOS.Agent;

/// <summary>How the configuration file is read: as tables, without reflection, which a native program does not have.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class ConfigurationToml : TomlSerializerContext;
