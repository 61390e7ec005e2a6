using System.Net;

namespace GatewayOS.Lab.Topologies;

/// <summary>A machine that runs OVS and ovn-controller.</summary>
/// <param name="Name">Its system-id.</param>
/// <param name="Number">1..254; its encapsulation address is 172.31.0.Number.</param>
/// <param name="IsGateway">It may host gateway ports.</param>
public sealed record Chassis(string Name, byte Number, bool IsGateway = false)
{
    /// <summary>The lab's device stands between its cards, those of its machines too, and its OVS.</summary>
    public bool HasDevice { get; init; } = IsGateway;

    /// <summary>It is joined to the provider network.</summary>
    public bool HasProviderNetwork { get; init; } = IsGateway;

    public IPAddress EncapsulationAddress => new([172, 31, 0, Number]);
}
