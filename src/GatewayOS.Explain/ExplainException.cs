namespace GatewayOS.Explain;

/// <summary>A packet cannot be made or followed; the message is one line for the user, and says what to write instead.</summary>
public sealed class ExplainException(string message) : Exception(message);
