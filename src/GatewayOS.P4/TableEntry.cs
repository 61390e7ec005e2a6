using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>One row of a table of the pipeline.</summary>
/// <param name="Table">One of <see cref="TableNames"/>.</param>
/// <param name="Match">In the order of the table's key, without the fields that do not matter.</param>
/// <param name="Priority">The larger wins, at least 1, where the table has a ternary or range key; 0 elsewhere (P4Runtime 1.5, 9.1).</param>
/// <param name="Action">What a packet that matches undergoes.</param>
public sealed record TableEntry(string Table, EquatableArray<FieldMatch> Match, int Priority, TableAction Action) : PipelineEntity
{
    /// <summary>After how long without a packet the device notifies; zero never does. No part of the identity.</summary>
    public TimeSpan IdleTimeout { get; init; }

    public override EntryKey Key => new(Table, Match, Priority);

    public override string ToString() => $"{Key} -> {Action}";
}
