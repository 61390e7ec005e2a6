namespace GatewayOS.Fuzz.Tests.Engine;

/// <summary>The contract is broken.</summary>
internal sealed class FuzzException(string message, Exception? inner = null) : Exception(message, inner);
