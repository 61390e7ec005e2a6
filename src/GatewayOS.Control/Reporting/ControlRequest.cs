namespace GatewayOS.Control.Reporting;

public sealed record ControlRequest(string? Request, string? Table = null);
