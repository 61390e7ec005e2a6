namespace GatewayOS.Compiler.Automaton;

/// <summary>What a lookup tests, which decides the stages that can do it.</summary>
public enum Shape
{
    /// <summary>eth.src, perhaps with the IP source: port security.</summary>
    Guard,

    /// <summary>Whole Ethernet destinations.</summary>
    EthernetDestination,

    /// <summary>Prefixes of the IP destination.</summary>
    Destination,

    /// <summary>Anything but Ethernet addresses.</summary>
    Ternary,

    /// <summary>Ethernet addresses together with other fields: no stage does that.</summary>
    Mixed,

    /// <summary>Nothing: it is the flow that decides (ECMP).</summary>
    Choice,
}
