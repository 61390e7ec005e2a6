namespace GatewayOS.Bmv2.Control;

/// <summary>The outcome of a write; the message says what is wrong with it, and is empty when nothing is.</summary>
public readonly record struct ControlResult(ControlCode Code, string Message)
{
    public static ControlResult Ok { get; } = new(ControlCode.Ok, "");

    public bool IsOk => Code == ControlCode.Ok;

    public static ControlResult Invalid(string message) => new(ControlCode.InvalidArgument, message);

    public static ControlResult NotFound(string message) => new(ControlCode.NotFound, message);
}
