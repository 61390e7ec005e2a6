using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>What the compiler must know of the device and of the host around it.</summary>
public sealed record DeviceView(EquatableArray<DevicePort> Ports, EquatableArray<TunnelPath> Tunnels)
{
    public static readonly DeviceView Empty = new([], []);
}
