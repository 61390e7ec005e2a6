using GatewayOS.Core;

namespace GatewayOS.Control.Views;

/// <summary>How the kernel would send to a tunnel endpoint.</summary>
/// <param name="RemoteIp">The endpoint.</param>
/// <param name="Interface">The name of the link it leaves by.</param>
/// <param name="NextHop">The next hop's Ethernet address; null while it is not resolved.</param>
public sealed record UnderlayPath(uint RemoteIp, string Interface, MacAddress? NextHop);
