namespace GatewayOS.Linux.Packets;

/// <summary>An interface went down or away while frames were moved.</summary>
/// <param name="name">The interface.</param>
/// <param name="message">What was tried and what the kernel said.</param>
public sealed class InterfaceDownException(string name, string message) : IOException(message)
{
    public string Interface => name;
}
