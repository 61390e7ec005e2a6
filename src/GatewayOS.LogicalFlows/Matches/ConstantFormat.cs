namespace GatewayOS.LogicalFlows;

/// <summary>How a number was written; it decides the constant's width and how it is written back.</summary>
public enum ConstantFormat
{
    Dec,
    Hex,
    Ipv4,
    Ipv6,
    Ethernet,
}
