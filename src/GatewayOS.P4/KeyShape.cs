using System.Runtime.InteropServices;

namespace GatewayOS.P4;

[StructLayout(LayoutKind.Auto)]
public readonly record struct KeyShape(string Name, MatchKind Kind, int Width);
