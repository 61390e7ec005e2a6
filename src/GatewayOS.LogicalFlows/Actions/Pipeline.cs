namespace GatewayOS.LogicalFlows;

/// <summary>The logical pipeline of a datapath that a flow is in.</summary>
public enum Pipeline
{
    Ingress,
    Egress,
}
