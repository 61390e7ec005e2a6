namespace GatewayOS.Control.Running;

/// <param name="Name">connecting, primary, standby, disconnected or failed.</param>
/// <param name="Message">Why, if it is not primary.</param>
public sealed record DeviceState(string Name, string Message);
