namespace GatewayOS.P4;

/// <summary>The indirect meters, all of octets.</summary>
public static class MeterNames
{
    public const string Meters = "meters";
}
