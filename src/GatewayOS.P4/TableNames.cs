namespace GatewayOS.P4;

/// <summary>The tables, in the order in which a packet meets them.</summary>
/// <remarks>P4Info, the bmv2 JSON and every value of this project spell them so.</remarks>
public static class TableNames
{
    public const string TunnelPeer = "tunnel_peer";
    public const string EntryTunnel = "entry_tunnel";
    public const string EntryPort = "entry_port";
    public const string SrcClass4 = "src_class4";
    public const string SrcClass6 = "src_class6";
    public const string DstClass4 = "dst_class4";
    public const string DstClass6 = "dst_class6";
    public const string Guard4 = "guard4";
    public const string Guard6 = "guard6";
    public const string L2 = "l2";
    public const string Special4 = "special4";
    public const string Special6 = "special6";
    public const string Connection4 = "connection4";
    public const string Connection6 = "connection6";
    public const string Route4 = "route4";
    public const string Route6 = "route6";
    public const string Policy4 = "policy4";
    public const string Policy6 = "policy6";
    public const string Transit4 = "transit4";
    public const string Transit6 = "transit6";
    public const string Select = "select";
    public const string Neighbor4 = "neighbor4";
    public const string Neighbor6 = "neighbor6";
    public const string L2To = "l2_to";
    public const string AclTo4 = "acl_to4";
    public const string AclTo6 = "acl_to6";
    public const string ConnectionEdit = "connection_edit";
    public const string Output = "output";
    public const string Framing = "framing";
    public const string Encap = "encap";
}
