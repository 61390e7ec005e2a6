using GatewayOS.Explain;

namespace GatewayOS.Control.Reporting;

/// <summary>A logical flow that leaves packets to OVS.</summary>
/// <param name="Detail">The action or the match that the device does not do.</param>
/// <param name="Flow">Null if the cause is no flow.</param>
/// <param name="Packets">What the entries with this cause have counted; of tracked connections also packets that an entry for the connection took.</param>
/// <param name="Entries">How many entries have this cause.</param>
public sealed record PuntOrigin(string Detail, ExplainedFlow? Flow, long Packets, int Entries);
