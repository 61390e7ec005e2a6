namespace GatewayOS.P4Runtime;

/// <summary>The numbers are those of <c>p4.v1.Update.Type</c>.</summary>
public enum UpdateKind
{
    None = 0,
    Insert = 1,
    Modify = 2,
    Delete = 3,
}
