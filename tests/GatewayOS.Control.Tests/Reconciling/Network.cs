using GatewayOS.P4;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>A random pipeline configuration whose numbers follow from contents, as the compiler's do.</summary>
/// <param name="choices">Where the shape comes from.</param>
/// <param name="numbers">How many numbers there are: with few, contents of different configurations share them.</param>
/// <param name="ids">The numbers of contents so far.</param>
/// <param name="taken">Numbers that mean something else by now.</param>
internal sealed class Network(Choices choices, int numbers, Dictionary<string, uint> ids, IReadOnlySet<uint> taken)
{
    private readonly HashSet<string> _written = [];
    private readonly List<TableEntry> _entries = [];

    /// <summary>The tables of states, in the order in which a packet meets them.</summary>
    public static IReadOnlyList<string> Stages { get; } = [TableNames.L2, TableNames.Route4, TableNames.AclTo4];

    public static IReadOnlyList<TableEntry> Generate(Choices choices, int numbers, Dictionary<string, uint> ids, IReadOnlySet<uint> taken)
    {
        var network = new Network(choices, numbers, ids, taken);
        network.Build();
        return network._entries;
    }

    /// <summary>The same configuration with another content of its class bits, under the number that it has.</summary>
    /// <param name="before">The configuration.</param>
    /// <param name="choices">Where the change comes from.</param>
    /// <param name="count">How many entries of a space change.</param>
    public static IReadOnlyList<TableEntry> WithOtherClasses(IReadOnlyList<TableEntry> before, Choices choices, int count)
    {
        var after = before.ToList();
        for (var i = 0; i < count; i++)
        {
            var rows = after.Where(entry => entry.Table == TableNames.DstClass4).ToList();
            if (rows.Count == 0)
            {
                return after;
            }

            var row = rows[choices.Below(rows.Count)];
            after.Remove(row);
            if (!choices.OneIn(3))
            {
                after.Add(row with { Action = PipelineActions.SetDstClass((ulong)choices.Below(4)) });
            }
        }

        return after;
    }

    /// <summary>The same configuration with other actions in some rows of its states, under the numbers that they have.</summary>
    /// <param name="before">The configuration.</param>
    /// <param name="choices">Where the change comes from.</param>
    /// <param name="count">How many rows change.</param>
    public static IReadOnlyList<TableEntry> WithOtherRows(IReadOnlyList<TableEntry> before, Choices choices, int count)
    {
        var after = before.ToList();
        for (var i = 0; i < count; i++)
        {
            var rows = after.Where(entry => Stages.Contains(entry.Table)).ToList();
            if (rows.Count == 0)
            {
                return after;
            }

            var row = rows[choices.Below(rows.Count)];
            var later = rows.Where(entry => StageOf(entry) > StageOf(row)).Select(entry => (uint)((FieldMatch.Exact)entry.Match[0]).Value).Distinct().ToList();
            var outputs = after.Where(entry => entry.Table == TableNames.Output).Select(entry => (ushort)((FieldMatch.Exact)entry.Match[0]).Value).ToList();
            after.Remove(row);
            if (count > 1 && row.Table == TableNames.AclTo4 && row.Match.Count > 1 && choices.OneIn(3))
            {
                // To the front, where its packets may pass another row, with or without a new one before it.
                var front = rows.Where(entry => entry.Match[0] == row.Match[0]).Max(entry => entry.Priority) + 1;
                after.Add(row with { Priority = front });
                after.AddRange(choices.OneIn(2) ? [] : [row with { Match = [row.Match[0], Ternary(choices)], Priority = front + 1, Action = PipelineActions.Deny }]);
                continue;
            }

            // A state without any row would be another case.
            if (row.Match.Count == 1 || !choices.OneIn(4))
            {
                after.Add(row with
                {
                    Action = later.Count > 0 && choices.OneIn(2) ? PipelineActions.Go(later[choices.Below(later.Count)])
                        : outputs.Count > 0 ? PipelineActions.Forward(outputs[choices.Below(outputs.Count)], 0)
                        : PipelineActions.Deny,
                });
            }
        }

        return after;
    }

    private void Build()
    {
        for (var port = 1u; port <= 2; port++)
        {
            if (!choices.OneIn(5))
            {
                _entries.Add(new TableEntry(
                    TableNames.EntryPort,
                    [Exact(KeyNames.IngressPort, port), Exact(KeyNames.VlanValid, 0), Exact(KeyNames.VlanId, 0), Exact(KeyNames.Class, 1)],
                    0, PipelineActions.Enter(State(0), port, 0, Space())));
            }
        }

        foreach (var inKey in new uint?[] { null, 7 })
        {
            if (!choices.OneIn(4))
            {
                FieldMatch[] key =
                [
                    Exact(KeyNames.TunnelType, 1), Exact(KeyNames.Vni, 5), Exact(KeyNames.OutKey, 3), Exact(KeyNames.Class, 1),
                    .. inKey is { } value ? [new FieldMatch.Lpm(KeyNames.InKey, value, 16)] : Array.Empty<FieldMatch>(),
                ];
                _entries.Add(new TableEntry(TableNames.EntryTunnel, [.. key], 0, PipelineActions.Enter(State(0), 9, 0, Space())));
            }
        }
    }

    private uint State(int stage)
    {
        stage += choices.Below(2);
        var rows = stage switch
        {
            0 => Enumerable.Range(0, 3).Where(_ => !choices.OneIn(3)).Select(mac => (FieldMatch)new FieldMatch.Lpm(KeyNames.EthDst, (uint)mac, 48)),
            1 => Enumerable.Range(0, 5).Where(_ => !choices.OneIn(2))
                .Select(i => (FieldMatch)new FieldMatch.Lpm(KeyNames.Dst, (uint)(i < 4 ? i : 2), i < 4 ? 32 : 31)),
            _ => Enumerable.Range(0, choices.Below(3)).Select(_ => (FieldMatch)Ternary(choices)),
        };
        var table = Stages[Math.Min(stage, 2)];
        var calls = rows.Select((FieldMatch? match) => (Match: match, Call: Call(stage))).ToList();
        calls.Add((null, Call(stage)));
        var id = IdOf($"{table} {string.Join(';', calls)}", out var isNew, isState: true);
        for (var i = 0; i < calls.Count && isNew; i++)
        {
            var (match, call) = calls[i];
            _entries.Add(new TableEntry(
                table, [Exact(KeyNames.State, id), .. match is null ? Array.Empty<FieldMatch>() : [match]], stage < 2 ? 0 : calls.Count - i, call));
        }

        return id;
    }

    private static FieldMatch.Ternary Ternary(Choices choices)
    {
        var mask = (uint)choices.Below(3) + 1;
        return new FieldMatch.Ternary(choices.OneIn(2) ? KeyNames.DstClass : KeyNames.Dst, (uint)choices.Below(4) & mask, mask);
    }

    // 0 is the space without any entry.
    private ushort Space()
    {
        var rows = Enumerable.Range(0, 4).Where(_ => choices.OneIn(2)).Select(address => (Address: (uint)address, Bits: (ulong)choices.Below(4))).ToList();
        if (rows.Count == 0)
        {
            return 0;
        }

        var id = IdOf($"space {string.Join(';', rows)}", out var isNew);
        foreach (var (address, bits) in isNew ? rows : [])
        {
            _entries.Add(new TableEntry(
                TableNames.DstClass4, [Exact(KeyNames.Space, id), new FieldMatch.Lpm(KeyNames.Address, address, 32)], 0, PipelineActions.SetDstClass(bits)));
        }

        return (ushort)id;
    }

    private ActionCall Call(int stage) => choices.Below(6) switch
    {
        0 or 1 or 2 when stage < 2 => PipelineActions.Go(State(stage + 1)),
        4 => PipelineActions.Deny,
        5 => PipelineActions.Punt(64),
        _ => PipelineActions.Forward((ushort)Output(), 0, choices.OneIn(3) ? new HeaderEdits(Meter: (ushort)Meter()) : default),
    };

    private uint Meter()
    {
        var rate = (uint)choices.Below(3) + 1;
        var id = IdOf($"meter {rate}", out var isNew);
        if (isNew)
        {
            _entries.Add(Metering.EntryOf(new MeterCell(MeterNames.Meters, id, rate, 1)));
        }

        return id;
    }


    private uint Output()
    {
        var (port, vni) = ((uint)choices.Below(2) + 1, (uint)choices.Below(2));
        var framing = vni == 0 ? PipelineActions.Plain : PipelineActions.Geneve(vni, 0, 1, (ushort)Encapsulation());
        var id = IdOf($"output {port} {framing}", out var isNew);
        if (isNew)
        {
            _entries.Add(new TableEntry(TableNames.Framing, [Exact(KeyNames.Out, id)], 0, framing));
            _entries.Add(new TableEntry(TableNames.Output, [Exact(KeyNames.Out, id)], 0, PipelineActions.Unicast(port, 1500)));
        }

        return id;
    }

    private uint Encapsulation()
    {
        var destination = (uint)choices.Below(3);
        var id = IdOf($"encap {destination}", out var isNew);
        if (isNew)
        {
            _entries.Add(new TableEntry(TableNames.Encap, [Exact(KeyNames.Encap, id)], 0, PipelineActions.Outer4(1, 2, 3, destination, 0, 64, false)));
        }

        return id;
    }

    private uint IdOf(string content, out bool isNew, bool isState = false)
    {
        isNew = _written.Add(content);
        if (!ids.TryGetValue(content, out var id) || taken.Contains(id))
        {
            var hash = content.Aggregate(2166136261u, (sum, c) => (sum ^ c) * 16777619u);
            var limit = isState ? numbers : Math.Min(numbers, ushort.MaxValue);
            id = Enumerable.Range(0, limit).Select(probe => 1 + (uint)((hash + probe) % limit)).First(free => !ids.ContainsValue(free) && !taken.Contains(free));
            ids[content] = id;
        }

        return id;
    }

    private static int StageOf(TableEntry entry) => Stages.Index().First(stage => stage.Item == entry.Table).Index;

    private static FieldMatch.Exact Exact(string field, uint value) => new(field, value);
}
