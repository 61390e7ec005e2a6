namespace GatewayOS.Lab.Running;

/// <summary>The lab could not be brought up or used; the message says what was tried and what came back.</summary>
public sealed class LabException(string message) : Exception(message);
