using System.Net;

namespace GatewayOS.Linux.Netlink;

/// <summary>An IP address of this machine.</summary>
/// <param name="Interface">Index of the link that has it.</param>
/// <param name="Address">The address itself, without a scope id.</param>
/// <param name="PrefixLength">Bits of the network it is in.</param>
public sealed record InterfaceAddress(int Interface, IPAddress Address, int PrefixLength);
