namespace GatewayOS.Control.Reporting;

/// <param name="Address">Null while it is not known.</param>
/// <param name="State">connecting, connected, disconnected; for the device connecting, primary, standby, disconnected, failed.</param>
/// <param name="Message">Why, if it does not work.</param>
public sealed record PeerStatus(string? Address, string State, string Message);
