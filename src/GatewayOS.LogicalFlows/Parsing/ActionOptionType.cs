namespace GatewayOS.LogicalFlows;

/// <summary>What the value of an option has to be.</summary>
internal enum ActionOptionType
{
    Number,
    Text,
    Either,
}
