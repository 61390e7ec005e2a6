namespace GatewayOS.Cli.Tracing;

/// <param name="Kind">output, tunnel, controller or drop.</param>
/// <param name="Chassis">Where.</param>
/// <param name="Changes">Header fields that differ from the packet that came in, with their values.</param>
internal sealed record TraceReportOutcome(string Kind, string? Chassis, IReadOnlyDictionary<string, string> Changes)
{
    public string? Port { get; init; }

    public string? Type { get; init; }

    public int? Vlan { get; init; }

    public string? Network { get; init; }

    public string? To { get; init; }

    public int? DatapathKey { get; init; }

    public int? InKey { get; init; }

    public int? OutKey { get; init; }

    public string? Reason { get; init; }
}
