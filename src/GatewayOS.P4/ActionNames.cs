namespace GatewayOS.P4;

/// <summary>The actions; an action means the same in every table that has it.</summary>
public static class ActionNames
{
    public const string KnownPeer = "known_peer";
    public const string Enter = "enter";
    public const string SetSrcClass = "set_src_class";
    public const string SetDstClass = "set_dst_class";
    public const string SetConnection = "set_connection";
    public const string Go = "go";
    public const string GoEdit = "go_edit";
    public const string GoSrc4 = "go_src4";
    public const string GoDst4 = "go_dst4";
    public const string GoSrc6 = "go_src6";
    public const string GoDst6 = "go_dst6";
    public const string Turn = "turn";
    public const string TurnEth = "turn_eth";
    public const string Answer = "answer";
    public const string Forward = "forward";
    public const string ForwardEdit = "forward_edit";
    public const string Deny = "deny";
    public const string Track = "track";
    public const string TrackEdit = "track_edit";
    public const string Punt = "punt";
    public const string Finish4 = "finish4";
    public const string Finish6 = "finish6";
    public const string Unicast = "unicast";
    public const string Group = "group";
    public const string Discard = "discard";
    public const string Plain = "plain";
    public const string Vlan = "vlan";
    public const string Geneve = "geneve";
    public const string Vxlan = "vxlan";
    public const string Outer4 = "outer4";
}
