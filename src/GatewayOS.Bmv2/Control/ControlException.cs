namespace GatewayOS.Bmv2.Control;

/// <summary>Carries the complaint about a write from where it is found to <see cref="SwitchMachine"/>, which turns it into a value.</summary>
internal sealed class ControlException(ControlCode code, string message) : Exception(message)
{
    public ControlCode Code => code;

    public static ControlException Invalid(string message) => new(ControlCode.InvalidArgument, message);

    public static ControlException NotFound(string message) => new(ControlCode.NotFound, message);
}
