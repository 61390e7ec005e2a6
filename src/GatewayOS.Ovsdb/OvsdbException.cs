namespace GatewayOS.Ovsdb;

/// <summary>A database server could not be reached, or said something that RFC 7047 does not allow; the message names the remote.</summary>
public sealed class OvsdbException : Exception
{
    public OvsdbException(string message)
        : base(message)
    {
    }

    public OvsdbException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
