using System.Runtime.InteropServices;

namespace GatewayOS.P4;

/// <param name="Port">The port of the device that the copy leaves by.</param>
/// <param name="Instance">1 to 65535; the pipeline takes it as <c>out</c> in <c>framing</c>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Replica(uint Port, uint Instance) : IComparable<Replica>
{
    public int CompareTo(Replica other) => (Port, Instance).CompareTo((other.Port, other.Instance));

    public static bool operator <(Replica left, Replica right) => left.CompareTo(right) < 0;

    public static bool operator >(Replica left, Replica right) => left.CompareTo(right) > 0;

    public static bool operator <=(Replica left, Replica right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Replica left, Replica right) => left.CompareTo(right) >= 0;
}
