using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The number spaces of a device. Lives as long as the agent, so that a change renumbers nothing.</summary>
public sealed class DeviceIds
{
    private readonly Dictionary<uint, string> _reasons = [];

    public DeviceIds()
        : this((1u << Pipeline.StateWidth) - 1, (1u << Pipeline.OutWidth) - 1)
    {
    }

    /// <param name="states">How many states there may be.</param>
    /// <param name="outputs">How many outputs, and how many encapsulations.</param>
    /// <param name="meters">How many meters.</param>
    public DeviceIds(uint states, uint outputs, uint meters = Metering.Last) =>
        (States, Outputs, Encapsulations, Meters) = (new IdAllocator(1, states), new IdAllocator(1, outputs), new IdAllocator(1, outputs), new IdAllocator(1, meters));

    public IdAllocator States { get; }

    public IdAllocator Outputs { get; }

    public IdAllocator Encapsulations { get; }

    public IdAllocator Meters { get; }

    public IdAllocator InPorts { get; } = new(1, (1u << Pipeline.InPortWidth) - 1);

    public SpaceNumbers Spaces { get; } = new();

    /// <summary>The compiler's reasons by the index of their counter.</summary>
    public IReadOnlyDictionary<uint, string> Reasons => _reasons;

    private IdAllocator ReasonIds { get; } = new(PuntReasons.FirstOfCompiler, PuntReasons.Count - PuntReasons.FirstOfCompiler);

    public ushort ReasonOf(string reason)
    {
        var hash = new StableHash();
        hash.Add(reason);
        var id = ReasonIds.IdOf(hash.Value) ?? ReasonIds.Take(hash.Value) ?? (uint)PuntReason.NoEntry;
        _reasons[id] = reason;
        return (ushort)id;
    }

    /// <summary>Gives what has some numbers those that a device knows it by.</summary>
    public void Move(
        IReadOnlyDictionary<uint, uint> states, IReadOnlyDictionary<uint, uint> outputs, IReadOnlyDictionary<uint, uint> encapsulations, IReadOnlyDictionary<uint, uint> spaces,
        IReadOnlyDictionary<uint, uint> meters)
    {
        States.Move(states);
        Outputs.Move(outputs);
        Encapsulations.Move(encapsulations);
        Spaces.Move(spaces);
        Meters.Move(meters);
        Moves++;
    }

    /// <summary>How often numbers were moved: what was written with the old ones must be written anew.</summary>
    public int Moves { get; private set; }

    /// <summary>Everything is written anew.</summary>
    public void ReleaseAll()
    {
        States.ReleaseAll();
        Outputs.ReleaseAll();
        Encapsulations.ReleaseAll();
        Meters.ReleaseAll();
        InPorts.ReleaseAll();
        Spaces.ReleaseAll();
    }

    public void Sweep()
    {
        States.Sweep();
        Outputs.Sweep();
        Encapsulations.Sweep();
        Meters.Sweep();
        InPorts.Sweep();
        Spaces.Sweep();
    }
}
