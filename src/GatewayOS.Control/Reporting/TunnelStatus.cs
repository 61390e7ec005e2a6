namespace GatewayOS.Control.Reporting;

/// <param name="NextHop">Null while the neighbour is not resolved.</param>
public sealed record TunnelStatus(string Remote, int Device, string? NextHop);
