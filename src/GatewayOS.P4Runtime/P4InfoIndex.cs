using System.Collections.Frozen;
using Google.Protobuf;
using GatewayOS.Core;
using GatewayOS.P4;
using GatewayOS.P4Runtime.Protocol.Config;

namespace GatewayOS.P4Runtime;

/// <summary>A P4Info document (P4Runtime 1.5, 6) arranged for looking names and ids up in both directions.</summary>
public sealed class P4InfoIndex
{
    private readonly FrozenDictionary<string, InfoTable> _tablesByName;
    private readonly FrozenDictionary<uint, InfoTable> _tablesById;
    private readonly FrozenDictionary<string, InfoAction> _actionsByName;
    private readonly FrozenDictionary<uint, InfoAction> _actionsById;
    private readonly FrozenDictionary<string, uint> _profilesByName;
    private readonly FrozenDictionary<uint, string> _profilesById;
    private readonly FrozenDictionary<string, uint> _countersByName;
    private readonly FrozenDictionary<string, uint> _metersByName;
    private readonly FrozenDictionary<uint, string> _metersById;

    public P4InfoIndex(P4Info info)
    {
        Info = info;
        var actions = info.Actions.Select(action => new InfoAction(
            action.Preamble.Id, action.Preamble.Name,
            [.. action.Params.Select(parameter => new InfoField(parameter.Id, parameter.Name, parameter.Bitwidth))])).ToArray();
        var tables = info.Tables.Select(table => new InfoTable(
            table.Preamble.Id, table.Preamble.Name,
            [.. table.MatchFields.Select(field => new InfoField(field.Id, field.Name, field.Bitwidth, Kind(field)))])).ToArray();
        _actionsByName = actions.ToFrozenDictionary(action => action.Name);
        _actionsById = actions.ToFrozenDictionary(action => action.Id);
        _tablesByName = tables.ToFrozenDictionary(table => table.Name);
        _tablesById = tables.ToFrozenDictionary(table => table.Id);
        _profilesByName = info.ActionProfiles.ToFrozenDictionary(profile => profile.Preamble.Name, profile => profile.Preamble.Id);
        _profilesById = info.ActionProfiles.ToFrozenDictionary(profile => profile.Preamble.Id, profile => profile.Preamble.Name);
        _countersByName = info.Counters.ToFrozenDictionary(counter => counter.Preamble.Name, counter => counter.Preamble.Id);
        _metersByName = info.Meters.ToFrozenDictionary(meter => meter.Preamble.Name, meter => meter.Preamble.Id);
        _metersById = info.Meters.ToFrozenDictionary(meter => meter.Preamble.Id, meter => meter.Preamble.Name);
        Shapes = info.Tables.Select(Shape).ToEquatableArray();
        ActionShapes = info.Actions.Where(action => action.Preamble.Name != "NoAction").Select(action => new ActionShape(
            action.Preamble.Name,
            action.Params.Select(parameter => new ParameterShape(parameter.Name, parameter.Bitwidth)).ToEquatableArray())).ToEquatableArray();
    }

    /// <summary>The tables as values of <c>GatewayOS.P4</c>, in the document's order.</summary>
    public EquatableArray<TableShape> Shapes { get; }

    /// <summary>The actions, without P4's own <c>NoAction</c>.</summary>
    public EquatableArray<ActionShape> ActionShapes { get; }

    internal P4Info Info { get; }

    /// <summary>Reads the JSON form that p4c writes.</summary>
    /// <exception cref="FormatException">The text is no P4Info, or names an object twice.</exception>
    public static P4InfoIndex Parse(string json)
    {
        try
        {
            return new P4InfoIndex(new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<P4Info>(json));
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException or ArgumentException)
        {
            throw new FormatException($"not a P4Info document in JSON: {failure.Message}", failure);
        }
    }

    internal InfoTable Table(string name) => Found(_tablesByName, name, "table");

    internal InfoTable Table(uint id) => Found(_tablesById, id, "table");

    internal InfoAction Action(string name) => Found(_actionsByName, name, "action");

    internal InfoAction Action(uint id) => Found(_actionsById, id, "action");

    internal uint Profile(string name) => Found(_profilesByName, name, "action profile");

    internal string Profile(uint id) => Found(_profilesById, id, "action profile");

    internal uint Counter(string name) => Found(_countersByName, name, "counter");

    internal uint Meter(string name) => Found(_metersByName, name, "meter");

    internal string Meter(uint id) => Found(_metersById, id, "meter");

    private static TValue Found<TKey, TValue>(FrozenDictionary<TKey, TValue> index, TKey key, string kind)
        where TKey : notnull =>
        index.TryGetValue(key, out var value) ? value : throw new FormatException($"P4Info has no {kind} '{key}'");

    private static MatchKind Kind(MatchField field) => field.MatchType switch
    {
        MatchField.Types.MatchType.Exact => MatchKind.Exact,
        MatchField.Types.MatchType.Lpm => MatchKind.Lpm,
        MatchField.Types.MatchType.Ternary => MatchKind.Ternary,
        MatchField.Types.MatchType.Range => MatchKind.Range,
        MatchField.Types.MatchType.Unspecified or MatchField.Types.MatchType.Optional or _ =>
            throw new FormatException($"the key field '{field.Name}' has the match type {field.MatchType}"),
    };

    private TableShape Shape(Table table) => new(
        table.Preamble.Name,
        table.MatchFields.Select(field => new KeyShape(field.Name, Kind(field), field.Bitwidth)).ToEquatableArray(),
        table.ActionRefs.Where(reference => reference.Scope != ActionRef.Types.Scope.DefaultOnly)
            .Select(reference => Action(reference.Id).Name).ToEquatableArray(),
        (int)table.Size,
        table.ImplementationId == 0 ? null : Profile(table.ImplementationId));
}
