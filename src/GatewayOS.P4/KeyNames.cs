namespace GatewayOS.P4;

/// <summary>The key fields of the tables.</summary>
public static class KeyNames
{
    public const string State = "state";
    public const string IngressPort = "ingress_port";
    public const string OuterEthDst = "outer_eth_dst";
    public const string TunnelType = "tunnel_type";
    public const string OuterSrc = "outer_src";
    public const string OuterDst = "outer_dst";
    public const string Vni = "vni";
    public const string InKey = "in_key";
    public const string OutKey = "out_key";
    public const string Class = "class";
    public const string VlanValid = "vlan_valid";
    public const string VlanId = "vlan_id";
    public const string Space = "space";
    public const string Address = "address";
    public const string EthSrc = "eth_src";
    public const string EthDst = "eth_dst";
    public const string Src = "src";
    public const string Dst = "dst";
    public const string Proto = "proto";
    public const string L4Src = "l4_src";
    public const string L4Dst = "l4_dst";
    public const string Dscp = "dscp";
    public const string TcpFlags = "tcp_flags";
    public const string SrcClass = "src_class";
    public const string DstClass = "dst_class";
    public const string InPort = "in_port";
    public const string Sport = "sport";
    public const string Dport = "dport";
    public const string Index = "index";
    public const string Out = "out";
    public const string Encap = "encap";
}
