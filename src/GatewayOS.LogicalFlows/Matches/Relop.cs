namespace GatewayOS.LogicalFlows;

/// <summary>A relational operator.</summary>
public enum Relop
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
