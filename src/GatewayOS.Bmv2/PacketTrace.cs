using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2;

/// <summary>What happened to a packet: the tables it met, and the fields as they were at the end.</summary>
/// <remarks>For a packet that was copied, the tables that the copies met follow, and the fields are those of the last copy.</remarks>
public sealed class PacketTrace
{
    private readonly List<TraceStep> _steps = [];
    private ProgramLayout? _layout;
    private ulong[] _fields = [];

    /// <summary>The tables in the order in which they were applied; tables that p4c made up (without key) are among them.</summary>
    public IReadOnlyList<TraceStep> Steps => _steps;

    /// <summary>
    /// The value of a field at the end: <c>ipv4.ttl</c>, <c>standard_metadata.egress_spec</c>, or for metadata the last component of its
    /// name after any other, <c>meta.reason</c>.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The program has no such field, several of that name, or one of more than 128 bits.</exception>
    public UInt128 this[string field] => _layout?.Find(field) is { IsVariable: false, Width: <= 128 } found
        ? new UInt128(found.Limbs > 1 ? _fields[found.Limb + 1] : 0, _fields[found.Limb])
        : throw new KeyNotFoundException($"there is no single field '{field}' of at most 128 bits");

    /// <summary>Whether the packet had the header at the end.</summary>
    /// <exception cref="KeyNotFoundException">The program has no such header.</exception>
    public bool Has(string header) => _layout?.Headers.FirstOrDefault(found => found.Name == header) is { } layout
        ? _fields[layout.Validity.Limb] != 0
        : throw new KeyNotFoundException($"there is no header '{header}'");

    internal void Add(TraceStep step) => _steps.Add(step);

    internal void Finish(ProgramLayout layout, ulong[] fields) => (_layout, _fields) = (layout, [.. fields]);
}
