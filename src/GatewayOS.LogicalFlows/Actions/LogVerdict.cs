namespace GatewayOS.LogicalFlows;

/// <summary>What an ACL that logs did with the packet.</summary>
public enum LogVerdict
{
    Allow,
    Drop,
    Reject,
    Pass,
}
