namespace GatewayOS.Compiler.Automaton;

/// <summary>A field of the packet that a stage of the pipeline can match at run time (p4/README.md, Tables).</summary>
/// <remarks>For ICMP and ICMPv6 <see cref="L4Source"/> is the type and <see cref="L4Destination"/> the code, as in OVS's tp_src and tp_dst.</remarks>
public enum KeyField
{
    EthSource,
    EthDestination,
    Source,
    Destination,
    Protocol,
    L4Source,
    L4Destination,
    Dscp,
    TcpFlags,

    /// <summary>To which sets the source belongs (<see cref="Classes.AddressClasses"/>).</summary>
    SourceClass,

    /// <summary>To which sets the destination belongs.</summary>
    DestinationClass,
}
