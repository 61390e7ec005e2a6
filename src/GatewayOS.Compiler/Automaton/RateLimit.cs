using GatewayOS.Compiler.Emission;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Automaton;

/// <summary>A meter, of all packets that pass one logical flow.</summary>
/// <remarks>ovn-controller makes an OpenFlow meter for each flow and each rate and burst (lib/actions.c, encode_SET_METER): two flows never share one, the datapaths of a flow do.</remarks>
/// <param name="Flow">The logical flow.</param>
/// <param name="Rate">Kilobits a second.</param>
/// <param name="Burst">Kilobits at once.</param>
public sealed record RateLimit(Guid Flow, uint Rate, uint Burst) : Resource
{
    /// <summary>The meter of <c>set_meter(rate, burst)</c>; null if OVS has no such meter.</summary>
    /// <remarks>Without a burst it is what the rate lets pass in a second (OVS: dpif_netdev_meter_set, dpif_netlink_meter_set__).</remarks>
    public static RateLimit? Of(Guid flow, ulong rate, ulong burst) => rate is > 0 and <= uint.MaxValue && burst <= uint.MaxValue
        ? new RateLimit(flow, (uint)rate, Math.Min((uint)(burst == 0 ? rate : burst), MeterCell.LargestBurst))
        : null;

    /// <summary>What it is, whatever its number.</summary>
    internal UInt128 Content
    {
        get
        {
            var hash = new StableHash();
            hash.Add(Flow);
            hash.Add(((ulong)Rate << 32) | Burst);
            return hash.Value;
        }
    }
}
