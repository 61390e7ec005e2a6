namespace GatewayOS.LogicalFlows;

/// <summary>How an ACL logs.</summary>
public enum LogSeverity
{
    Alert,
    Warning,
    Notice,
    Info,
    Debug,
}
