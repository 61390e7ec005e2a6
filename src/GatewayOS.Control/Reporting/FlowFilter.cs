namespace GatewayOS.Control.Reporting;

/// <summary>Which logical flows to count; what is null does not matter.</summary>
/// <param name="Stage">The stage-name, or a part of it.</param>
/// <param name="Acl">Flows of ACL stages; if not empty, of the ACL whose northbound UUID begins so.</param>
/// <param name="Datapath">A switch or router: its name, or first digits of its UUID.</param>
/// <param name="Top">Only so many, those with the most packets.</param>
public sealed record FlowFilter(string? Stage = null, string? Acl = null, string? Datapath = null, int? Top = null);
