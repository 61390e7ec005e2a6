using GatewayOS.Compiler;

namespace GatewayOS.Control.Ports;

/// <summary>A device as a file describes it, for working without one: see src/GatewayOS.Cli/README.md.</summary>
/// <param name="View">What the compiler is told.</param>
/// <param name="NumberOf">The device port of each name.</param>
public sealed record PortsFile(DeviceView View, IReadOnlyDictionary<string, int> NumberOf)
{
    /// <summary>The name of a device port, or null if the file has no such port.</summary>
    public string? NameOf(int number) => View.Ports.FirstOrDefault(port => port.Number == number)?.Name;
}
