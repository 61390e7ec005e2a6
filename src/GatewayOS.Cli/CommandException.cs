namespace GatewayOS.Cli;

/// <summary>The command cannot do what it was asked; the message is one line for the user.</summary>
public sealed class CommandException : Exception
{
    public CommandException(string message)
        : base(message)
    {
    }

    public CommandException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
