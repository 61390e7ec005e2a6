using System.Runtime.InteropServices;

namespace GatewayOS.P4;

[StructLayout(LayoutKind.Auto)]
public readonly record struct GroupMember(uint Member, int Weight);
