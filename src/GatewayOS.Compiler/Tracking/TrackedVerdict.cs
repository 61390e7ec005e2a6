using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Tracking;

/// <summary>What becomes of a connection's packets that wait in one state.</summary>
/// <param name="Place">The place where they asked conntrack; the state follows from it.</param>
/// <param name="Destination">The Ethernet destination that they have there: no part of the 5-tuple, but what comes after may depend on it.</param>
/// <param name="Output">Where they leave.</param>
/// <param name="Edits">What is done to them since they asked; what was done before, the stages before have done.</param>
/// <param name="Rewrite">The translation of addresses and ports.</param>
/// <param name="Flows">The logical flows passed since they asked, that flow included.</param>
public sealed record TrackedVerdict(
    TrackPlace Place, MacAddress Destination, OutputTarget Output, Edits Edits, ConnectionRewrite Rewrite, FlowTrail Flows)
{
    /// <summary>What it takes of the device besides its own entry: the output, and then the meters.</summary>
    public IEnumerable<Resource> Resources => [Output, .. Edits.Meters];
}
