namespace GatewayOS.LogicalFlows;

/// <summary>What a load balanced connection is marked with, for the SNAT stage to read.</summary>
public enum SnatMark
{
    None,
    Skip,
    Force,
}
