namespace GatewayOS.P4;

/// <summary>The action profiles.</summary>
public static class ProfileNames
{
    public const string SelectProfile = "select_profile";
}
