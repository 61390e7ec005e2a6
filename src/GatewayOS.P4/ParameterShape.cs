using System.Runtime.InteropServices;

namespace GatewayOS.P4;

[StructLayout(LayoutKind.Auto)]
public readonly record struct ParameterShape(string Name, int Width);
