using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The number spaces of a device. Lives as long as the agent, so that a change renumbers nothing.</summary>
public sealed class DeviceIds
{
    private readonly Dictionary<uint, string> _reasons = [];

    public IdAllocator States { get; } = new(1, (1u << Pipeline.StateWidth) - 1);

    public IdAllocator Outputs { get; } = new(1, (1u << Pipeline.OutWidth) - 1);

    public IdAllocator Encapsulations { get; } = new(1, (1u << Pipeline.OutWidth) - 1);

    public IdAllocator InPorts { get; } = new(1, (1u << Pipeline.InPortWidth) - 1);

    public SpaceNumbers Spaces { get; } = new();

    /// <summary>The compiler's reasons by the index of their counter.</summary>
    public IReadOnlyDictionary<uint, string> Reasons => _reasons;

    private IdAllocator ReasonIds { get; } = new(PuntReasons.FirstOfCompiler, PuntReasons.Count - PuntReasons.FirstOfCompiler);

    public ushort ReasonOf(string reason)
    {
        var hash = new StableHash();
        hash.Add(reason);
        var id = ReasonIds.IdOf(hash.Value) ?? (uint)PuntReason.NoEntry;
        _reasons[id] = reason;
        return (ushort)id;
    }

    public void Sweep()
    {
        States.Sweep();
        Outputs.Sweep();
        Encapsulations.Sweep();
        InPorts.Sweep();
        Spaces.Sweep();
    }
}
