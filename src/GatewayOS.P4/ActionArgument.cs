using System.Runtime.InteropServices;

namespace GatewayOS.P4;

[StructLayout(LayoutKind.Auto)]
public readonly record struct ActionArgument(string Name, UInt128 Value)
{
    public override string ToString() => $"{Name}=0x{Value:x}";
}
