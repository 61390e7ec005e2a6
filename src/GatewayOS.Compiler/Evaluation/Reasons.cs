namespace GatewayOS.Compiler.Evaluation;

/// <summary>The catalogue of reasons that the compiler gives for leaving packets to OVS.</summary>
/// <remarks>Some also say what they are about, from a small set of words of OVN's: an action, a field, a kind of port. Each is counted by itself.</remarks>
public static class Reasons
{
    private const string Separator = ": ", Many = " (ARP or multicast)";

    public const string Conntrack = "connection tracking (stateful ACL, NAT or load balancer)";
    public const string Untestable = "a match on something the pipeline cannot test";
    public const string Unsupported = "an action the pipeline does not do";
    public const string Generated = "a packet that software must generate or answer";
    public const string Flood = "a group of output ports (flooding, multicast)";
    public const string NeighborUnknown = "a neighbour that is not resolved";
    public const string PortElsewhere = "an output port that the device cannot reach";
    public const string Unplaceable = "a chain of decisions longer than the pipeline";
    public const string TooManyRouters = "more routers than the pipeline has route tables";
    public const string TooManyMeters = "more meters than the pipeline counts a packet at";
    public const string TooManyDatapaths = "more logical datapaths than the pipeline can follow";
    public const string Crowd = "a router behind a network that many routers share";
    public const string Backward = "a jump backwards in the logical pipeline";
    public const string LocalStack = "the host's own address";
    public const string HairPin = "a packet that would leave where it came in";
    public const string TableFull = "a table of the device that is full";
    public const string NoPort = "an output port that does not exist";

    /// <summary>
    /// Whether no hardware pipeline could do better: packets that have to be made, what is for a process of the host (a localport is an interface of its own), and
    /// more lookups one after the other than there are stages.
    /// </summary>
    public static bool IsInherent(string reason) => KindOf(reason) is Generated or LocalStack or Unplaceable || Plain(reason) == About(PortElsewhere, "type localport");

    /// <summary>The reason for packets of a class: what is for many, and who asks for whom, is told from users' traffic.</summary>
    public static string For(PacketClass packetClass, string reason) => PacketClasses.Tracked.Contains(packetClass) ? reason : reason + Many;

    /// <summary>Whether the packets are ARP or multicast.</summary>
    public static bool IsForMany(string reason) => reason.EndsWith(Many, StringComparison.Ordinal);

    /// <summary>The reason, whatever the packets.</summary>
    public static string Plain(string reason) => IsForMany(reason) ? reason[..^Many.Length] : reason;

    /// <summary>The reason, and what it is about.</summary>
    public static string About(string reason, string subject) => reason + Separator + subject;

    /// <summary>The reason in the catalogue, whatever it is about.</summary>
    public static string KindOf(string reason) =>
        reason.IndexOf(Separator, StringComparison.Ordinal) is var at and >= 0 ? reason[..at] : Plain(reason);
}
