namespace GatewayOS.Vswitchd;

/// <summary>A command as it is sent (JSON-RPC 1.0, section 1.1).</summary>
internal sealed record UnixctlRequest(int Id, string Method, IReadOnlyList<string> Params);
