namespace GatewayOS.Compiler.Symbolic;

/// <summary>The physical side that a packet entered by.</summary>
public abstract record Origin
{
    private Origin()
    {
    }

    public sealed record Port(int DevicePort, string LogicalPort) : Origin;

    public sealed record Tunnel : Origin
    {
        public static readonly Tunnel Instance = new();
    }

    /// <summary>The tunnel of a VTEP switch, of which it is known which one it is.</summary>
    public sealed record Vtep(Guid Chassis, string LogicalPort) : Origin;
}
