using GatewayOS.Compiler;
using GatewayOS.Compiler.Emission;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>What a device holds, and what its entries stand for.</summary>
/// <param name="Entities">Multicast groups and meters before the entries that name them.</param>
/// <param name="Origin">Where the entries come from; an entry that differs from the one of its key is taken as unknown.</param>
/// <param name="Reasons">The texts of the compiler's reasons.</param>
public sealed record DeviceContent(
    IReadOnlyList<PipelineEntity> Entities, IReadOnlyDictionary<EntryKey, CompiledEntry> Origin, IReadOnlyDictionary<uint, string> Reasons)
{
    /// <summary>A device that holds exactly what was compiled.</summary>
    public static DeviceContent Of(CompiledPipeline pipeline) =>
        new([.. pipeline.Entries.Select(entry => EntryForm.EntityOf(entry.Entry))], pipeline.Entries.ToDictionary(entry => entry.Entry.Key), pipeline.Reasons);

    /// <summary>Where an entry as found on the device comes from; null if it is not of this compilation.</summary>
    public CompiledEntry? OriginOf(TableEntry entry) => Origin.TryGetValue(entry.Key, out var origin) && origin.Entry.Equals(entry) ? origin : null;
}
