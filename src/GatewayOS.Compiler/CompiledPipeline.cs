using GatewayOS.Compiler.Emission;
using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>The result of a compilation.</summary>
/// <param name="Entries">All entries.</param>
/// <param name="Changes">How they differ from those of the compilation before; null when everything was written anew.</param>
/// <param name="Reasons">The text of each reason index that an entry uses.</param>
/// <param name="Rejected">Logical flows (UUIDs) that neither OVN nor this compiler can parse.</param>
/// <param name="FullTables">Tables that had no room for everything.</param>
public sealed record CompiledPipeline(
    CompiledEntries Entries,
    IReadOnlyList<EntryChange>? Changes,
    int LogicalFlows,
    int States,
    int EntryPoints,
    int Evaluations,
    IReadOnlyDictionary<uint, string> Reasons,
    EquatableArray<Guid> Rejected,
    EquatableArray<string> FullTables);
