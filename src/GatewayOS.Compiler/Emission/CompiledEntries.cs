using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Compiler.Emission;

/// <summary>All entries of a compilation, in no order. Shares what did not change with the compilation before, so that it costs no more than the change.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "They are entries.")]
public sealed class CompiledEntries : IReadOnlyCollection<CompiledEntry>
{
    private readonly ImmutableDictionary<BlockKey, CompiledEntry[]> _blocks;

    internal CompiledEntries(ImmutableDictionary<BlockKey, CompiledEntry[]> blocks, int count) => (_blocks, Count) = (blocks, count);

    public static CompiledEntries Empty { get; } = new(ImmutableDictionary<BlockKey, CompiledEntry[]>.Empty, 0);

    public int Count { get; }

    public IEnumerator<CompiledEntry> GetEnumerator() => _blocks.Values.SelectMany(block => block).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
