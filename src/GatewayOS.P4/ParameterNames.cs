namespace GatewayOS.P4;

/// <summary>The parameters of the actions.</summary>
public static class ParameterNames
{
    public const string State = "state";
    public const string InPort = "in_port";
    public const string Space = "space";
    public const string Bits = "bits";
    public const string Index = "index";
    public const string Next = "next";
    public const string Edits = "edits";
    public const string EthSrc = "eth_src";
    public const string EthDst = "eth_dst";
    public const string TtlDec = "ttl_dec";
    public const string Dscp = "dscp";
    public const string Meter = "meter";
    public const string Meter2 = "meter2";
    public const string Address = "address";
    public const string IcmpType = "icmp_type";
    public const string Out = "out";
    public const string Loop = "loop";
    public const string Reason = "reason";
    public const string Src = "src";
    public const string Dst = "dst";
    public const string L4Src = "l4_src";
    public const string L4Dst = "l4_dst";
    public const string Rewrite = "rewrite";
    public const string Port = "port";
    public const string MaxLen = "max_len";
    public const string McastGroup = "mcast_group";
    public const string Vid = "vid";
    public const string Vni = "vni";
    public const string InKey = "in_key";
    public const string OutKey = "out_key";
    public const string Encap = "encap";
    public const string Tos = "tos";
    public const string Ttl = "ttl";
    public const string Csum = "csum";
}
