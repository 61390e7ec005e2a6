namespace GatewayOS.Compiler.Symbolic;

/// <summary>What a packet brings along through all datapaths.</summary>
/// <param name="From">Where it came from physically.</param>
/// <param name="Crossings">Patch ports passed so far.</param>
/// <param name="Routers">TTL decrements so far; the parser guarantees that the TTL survives <c>RouterLimit</c> of them.</param>
/// <param name="MaxLength">The largest inner frame, in octets, for which the decisions so far hold (check_pkt_larger).</param>
/// <param name="InPortHidden">
/// Whether OVN has hidden the OpenFlow in_port (table 64, flags.loopback), so that the packet may leave where it came in.
/// </param>
/// <param name="HasOtherAddresses">Whether its IP addresses are not those that it came with: rewritten, or those of an answer (<see cref="Turn.Echo"/>).</param>
/// <param name="ByPatchPort">Whether it came into the datapath that it is in by a patch port.</param>
/// <param name="HasMeter">Whether it has passed a meter, the first of those that the pipeline can count it at.</param>
/// <param name="HasMeter2">Likewise the second.</param>
public sealed record Passage(Origin From, int Crossings, int Routers, int MaxLength, bool InPortHidden, bool HasOtherAddresses = false, bool ByPatchPort = false,
    bool HasMeter = false, bool HasMeter2 = false);
