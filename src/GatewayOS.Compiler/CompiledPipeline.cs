using GatewayOS.Compiler.Emission;
using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>The result of a compilation.</summary>
/// <param name="Entries">In an order in which what is pointed at comes before what points at it.</param>
/// <param name="Reasons">The text of each reason index that an entry uses.</param>
/// <param name="Rejected">Logical flows (UUIDs) that neither OVN nor this compiler can parse.</param>
/// <param name="FullTables">Tables that had no room for everything.</param>
public sealed record CompiledPipeline(
    EquatableArray<CompiledEntry> Entries,
    int LogicalFlows,
    int States,
    int EntryPoints,
    int Evaluations,
    IReadOnlyDictionary<uint, string> Reasons,
    EquatableArray<Guid> Rejected,
    EquatableArray<string> FullTables);
