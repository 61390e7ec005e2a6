namespace GatewayOS.P4;

/// <summary>The indirect counters.</summary>
public static class CounterNames
{
    public const string Punts = "punts";
    public const string Verdicts = "verdicts";
    public const string Lost = "lost";
}
