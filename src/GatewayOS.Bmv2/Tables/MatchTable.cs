using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.P4;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A table with its entries.</summary>
internal sealed class MatchTable(TableDefinition definition, ActionProfile? profile)
{
    private readonly Dictionary<ActionDefinition, ControlNode?> _afterHit = [];
    private readonly Dictionary<ActionDefinition, ControlNode?> _afterMiss = [];
    private ControlNode? _afterEmptyHit;
    private ControlNode? _afterEmptyMiss;

    public TableDefinition Definition => definition;

    public ActionProfile? Profile => profile;

    public EntryIndex Entries { get; } = new(definition.Key);

    /// <summary>What a miss does; null does nothing.</summary>
    public Binding? Default { get; private set; }

    /// <summary>Resolves the names of the nodes that follow, and takes the program's own default.</summary>
    public void Connect(Func<string?, ControlNode?> find)
    {
        var actions = definition.Default?.Action is { } byDefault ? definition.Actions.Append(byDefault).Distinct() : definition.Actions;
        foreach (var action in actions)
        {
            _afterHit[action] = find(definition.NextAfter(action, hit: true));
            _afterMiss[action] = find(definition.NextAfter(action, hit: false));
        }

        _afterEmptyHit = find(definition.NextAfter(null, hit: true));
        _afterEmptyMiss = find(definition.NextAfter(null, hit: false));
        ResetDefault();
    }

    public Binding Bind(ActionDefinition action, ulong[] data) => new(action, data) { After = _afterHit[action] };

    public void SetDefault(ActionDefinition action, ulong[] data) => Default = new Binding(action, data) { After = _afterMiss[action] };

    public void ResetDefault() => Default = definition.Default is { } own ? own with { After = _afterMiss[own.Action!] } : null;

    public ControlNode? Apply(PacketState state)
    {
        Entry? entry = null;
        if (Entries.Count > 0)
        {
            definition.Key.Build(state);
            entry = Entries.Find(state.Key, state.Scratch);
        }

        if (entry is null)
        {
            if (state.Trace is not null)
            {
                Trace(null, Default?.Action, Default?.Data, state);
            }

            if (Default is not { } miss)
            {
                return _afterEmptyMiss;
            }

            miss.Action!.Execute(state, miss.Data);
            return miss.After;
        }

        return Hit(entry, state);
    }

    private ControlNode? Hit(Entry entry, PacketState state)
    {
        if (definition.CountsPackets)
        {
            entry.Packets++;
            entry.Octets += state.IngressLength;
        }

        if (definition.SupportsTimeout)
        {
            entry.LastHit = state.Now;
            entry.IdleReported = false;
        }

        if (definition.Meter is { Target: { } color } meter)
        {
            state.Fields[color.Limb] = entry.Meter?.Execute(meter.CountsOctets ? state.IngressLength : 1, state.Now) ?? 0;
        }

        return entry.Binding.Target is { } target ? Indirect(entry, target, state) : Execute(entry, entry.Binding, state);
    }

    private ControlNode? Indirect(Entry entry, ProfileTarget target, PacketState state)
    {
        if (target.Choose(profile!.Selector, state) is { } member)
        {
            Trace(entry, member.Action, member.Data, state);
            member.Action.Execute(state, member.Data);
            return _afterHit[member.Action];
        }

        // An empty group does nothing (P4Runtime 1.4, 9.2.2).
        Trace(entry, null, null, state);
        return _afterEmptyHit;
    }

    private ControlNode? Execute(Entry entry, Binding binding, PacketState state)
    {
        Trace(entry, binding.Action, binding.Data, state);
        binding.Action!.Execute(state, binding.Data);
        return binding.After;
    }

    private void Trace(Entry? entry, ActionDefinition? action, ulong[]? data, PacketState state)
    {
        if (state.Trace is { } trace)
        {
            // An empty table has not asked for its key.
            definition.Key.Build(state);
            trace.Add(new TraceStep(
                definition.Name,
                [.. definition.Key.Fields.Select(field => new FieldMatch.Exact(field.Name, field.Extract(state.Key)))],
                entry is null ? null : EntryCodec.ToTableEntry(definition, entry),
                action is null ? null : EntryCodec.ToCall(action, data!)));
        }
    }
}
