using GatewayOS.Control.Tracking;

namespace GatewayOS.Control.Reporting;

/// <summary>What <c>gatewayctl status</c> shows.</summary>
/// <param name="Ready">The device holds all entries for what the databases and the kernel say now.</param>
/// <param name="NbCfg">The number of the northbound configuration (ovn-nb(5) nb_cfg) that the entries are of; null before the first.</param>
/// <param name="Chassis">The system-id, null until it is known.</param>
/// <param name="Entries">By table, what should be on the device.</param>
/// <param name="Missing">How many of these are not, because the device refused them or what they depend on.</param>
/// <param name="Punts">The packets left to OVS since the device started, by reason.</param>
/// <param name="Remarks">What keeps ports and tunnels from the fast path, and how to change it.</param>
/// <param name="Connections">How many there are; null if none go to the device, by the configuration.</param>
public sealed record AgentStatus(
    bool Ready,
    long? NbCfg,
    string? Chassis,
    PeerStatus Device,
    PeerStatus OpenVSwitch,
    PeerStatus Southbound,
    int LogicalFlows,
    int States,
    int EntryPoints,
    int RejectedFlows,
    double CompileSeconds,
    IReadOnlyDictionary<string, int> Entries,
    int Missing,
    IReadOnlyList<string> Refused,
    IReadOnlyList<PortStatus> Ports,
    IReadOnlyList<TunnelStatus> Tunnels,
    FastPathStatus FastPath,
    IReadOnlyList<PuntStatus> Punts,
    IReadOnlyList<string> Remarks,
    ConnectionCounts? Connections);
