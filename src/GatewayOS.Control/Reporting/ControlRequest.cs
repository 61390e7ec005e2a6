namespace GatewayOS.Control.Reporting;

/// <param name="Request">status, entries, explain, punts, flows or connections.</param>
/// <param name="Table">entries: only this table.</param>
/// <param name="InPort">explain: the front port, by name or number.</param>
/// <param name="Packet">explain: octets, hexadecimal.</param>
/// <param name="Flow">explain: the packet in words instead.</param>
/// <param name="Filter">flows: which.</param>
/// <param name="Connections">connections: which.</param>
public sealed record ControlRequest(
    string? Request, string? Table = null, string? InPort = null, string? Packet = null, string? Flow = null, FlowFilter? Filter = null,
    ConnectionFilter? Connections = null);
