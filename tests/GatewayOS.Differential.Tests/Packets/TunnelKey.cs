using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>Where a tunnel packet goes: datapath and output port; and the ports it may say it came from.</summary>
internal sealed record TunnelKey(int Vni, int OutKey, EquatableArray<int> InKeys);
