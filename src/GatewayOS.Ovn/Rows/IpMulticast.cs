using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>Multicast snooping of a datapath. Source: ovn-sb(5) IP_Multicast.</summary>
public sealed record IpMulticast : IRow<IpMulticast>
{
    public static string TableName => "IP_Multicast";

    public Guid Uuid { get; init; }

    public Guid Datapath { get; init; }

    public bool? Enabled { get; init; }

    public bool? Querier { get; init; }

    public string EthSrc { get; init; } = "";

    public string Ip4Src { get; init; } = "";

    public string Ip6Src { get; init; } = "";

    public long? TableSize { get; init; }

    /// <summary>Seconds.</summary>
    public long? IdleTimeout { get; init; }

    /// <summary>Seconds.</summary>
    public long? QueryInterval { get; init; }

    /// <summary>Seconds.</summary>
    public long? QueryMaxResp { get; init; }

    public long SeqNo { get; init; }

    public static IpMulticast Read(Guid uuid, RowReader columns, IpMulticast? old) => new()
    {
        Uuid = uuid,
        Datapath = columns.Uuid("datapath", old?.Datapath),
        Enabled = columns.OptionalBoolean("enabled", old?.Enabled),
        Querier = columns.OptionalBoolean("querier", old?.Querier),
        EthSrc = columns.Text("eth_src", old?.EthSrc),
        Ip4Src = columns.Text("ip4_src", old?.Ip4Src),
        Ip6Src = columns.Text("ip6_src", old?.Ip6Src),
        TableSize = columns.OptionalLongNumber("table_size", old?.TableSize),
        IdleTimeout = columns.OptionalLongNumber("idle_timeout", old?.IdleTimeout),
        QueryInterval = columns.OptionalLongNumber("query_interval", old?.QueryInterval),
        QueryMaxResp = columns.OptionalLongNumber("query_max_resp", old?.QueryMaxResp),
        SeqNo = columns.LongNumber("seq_no", old?.SeqNo),
    };
}
