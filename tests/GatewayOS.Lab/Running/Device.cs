namespace GatewayOS.Lab.Running;

/// <summary>What stands between the network cards of the gateway chassis and its OVS.</summary>
public enum Device
{
    /// <summary>Nothing: the cards are ports of OVS, as on a stock chassis.</summary>
    None,

    /// <summary>A pair of wires: what a P4 device with empty tables does.</summary>
    Wire,

    /// <summary>bin/softswitch.</summary>
    SoftSwitch,

    /// <summary>simple_switch_grpc from the PATH.</summary>
    Bmv2,
}
