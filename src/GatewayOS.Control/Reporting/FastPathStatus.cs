namespace GatewayOS.Control.Reporting;

/// <summary>What happened to the packets from front ports since the device started.</summary>
/// <param name="IsKnown">The device's counters could be read; if not, the numbers are 0.</param>
/// <param name="Share">Forwarded or dropped by the device, of all; 0 to 1; null when there were none.</param>
public sealed record FastPathStatus(bool IsKnown, long Forwarded, long Dropped, long Punted, double? Share);
