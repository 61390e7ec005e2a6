using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>The limbs of the fields that v1model itself reads and writes; a program that lacks an optional one writes to nowhere.</summary>
internal sealed class StandardFields
{
    private readonly ProgramLayout _layout;

    public StandardFields(ProgramLayout layout, JsonPart root)
    {
        _layout = layout;
        int Required(string name) => layout.Find(name)?.Limb ?? throw root.Error($"the program has no '{name}', which v1model requires");
        IngressPort = Required("standard_metadata.ingress_port");
        EgressSpec = Required("standard_metadata.egress_spec");
        EgressPort = Required("standard_metadata.egress_port");
        InstanceType = Required("standard_metadata.instance_type");
        PacketLength = Required("standard_metadata.packet_length");
        ParserError = Optional("standard_metadata.parser_error");
        ChecksumError = Optional("standard_metadata.checksum_error");
        MulticastGroup = layout.Find("intrinsic_metadata.mcast_grp")?.Limb ?? -1;
        EgressInstance = Optional("intrinsic_metadata.egress_rid");
        IngressTimestamp = Optional("intrinsic_metadata.ingress_global_timestamp");
        EgressTimestamp = Optional("intrinsic_metadata.egress_global_timestamp");
        EnqueueTimestamp = Optional("queueing_metadata.enq_timestamp");
        EnqueueDepth = Optional("queueing_metadata.enq_qdepth");
        DequeueTime = Optional("queueing_metadata.deq_timedelta");
        DequeueDepth = Optional("queueing_metadata.deq_qdepth");
    }

    public int IngressPort { get; }

    public int EgressSpec { get; }

    public int EgressPort { get; }

    public int InstanceType { get; }

    public int PacketLength { get; }

    public int ParserError { get; }

    public int ChecksumError { get; }

    /// <summary>-1 if the program has none.</summary>
    public int MulticastGroup { get; }

    public int EgressInstance { get; }

    public int IngressTimestamp { get; }

    public int EgressTimestamp { get; }

    public int EnqueueTimestamp { get; }

    public int EnqueueDepth { get; }

    public int DequeueTime { get; }

    public int DequeueDepth { get; }

    private int Optional(string name) => _layout.Find(name)?.Limb ?? _layout.NowhereLimb;
}
