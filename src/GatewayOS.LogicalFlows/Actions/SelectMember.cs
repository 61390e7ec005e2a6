using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>One <c>id=weight</c> of <c>select</c>; the weight is 100 when not written.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SelectMember(ushort Id, ushort Weight);
