namespace GatewayOS.LogicalFlows;

/// <summary>Which of a router's two conntrack zones an action uses; on a switch both are the port's zone.</summary>
public enum NatZone
{
    Dnat,
    Snat,
}
