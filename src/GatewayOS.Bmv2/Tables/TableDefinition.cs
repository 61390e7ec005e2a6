using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;
using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A table as the program declares it.</summary>
internal sealed class TableDefinition
{
    private readonly Dictionary<string, string?> _next = [];

    public TableDefinition(JsonPart part, ProgramLayout layout, ProgramObjects objects, IReadOnlyDictionary<int, ActionDefinition> actions)
    {
        Name = part["name"].Text;
        Key = KeyShape.Load(part["key"], layout);
        Size = part["max_size"].Integer;
        CountsPackets = part["with_counters"].Boolean;
        SupportsTimeout = part["support_timeout"].Boolean;
        Profile = part["type"].Text == "simple" ? null : part["action_profile"].Text;
        Actions =
        [
            .. part["action_ids"].Items.Select(id => actions.TryGetValue(id.Integer, out var action) ? action : throw id.Error("no action has this id")),
        ];
        if (part["direct_meters"] is { IsNull: false } meters)
        {
            Meter = objects.Meters[objects.Meter(meters)];
        }

        foreach (var next in part["next_tables"].Element.EnumerateObject())
        {
            _next[next.Name] = next.Value.GetString();
        }

        Next = part.Find("base_default_next") is { IsNull: false } target ? target.Text : null;
        if (part.Find("default_entry") is { IsNull: false } entry)
        {
            Default = Read(entry, actions);
            IsDefaultConst = entry.Find("action_const") is { IsNull: false, Boolean: true };
        }

        ConstEntries = [.. part.Optional("entries")];
        ReadAction = entry => Read(entry, actions);
    }

    public string Name { get; }

    public KeyShape Key { get; }

    public int Size { get; }

    public bool CountsPackets { get; }

    public bool SupportsTimeout { get; }

    /// <summary>The action profile, or null.</summary>
    public string? Profile { get; }

    public ActionDefinition[] Actions { get; }

    public ProgramObjects.MeterShape? Meter { get; }

    /// <summary>What a miss does until the control plane changes it; null does nothing.</summary>
    public Binding? Default { get; }

    public bool IsDefaultConst { get; }

    public JsonPart[] ConstEntries { get; }

    /// <summary>Reads an action of an entry in the JSON.</summary>
    public Func<JsonPart, Binding> ReadAction { get; }

    /// <summary>Where a miss without any action goes.</summary>
    public string? Next { get; }

    /// <summary>The name of the node after a hit or a miss that executed an action.</summary>
    public string? NextAfter(ActionDefinition? action, bool hit)
    {
        if (_next.TryGetValue(hit ? "__HIT__" : "__MISS__", out var next))
        {
            return next;
        }

        return action is not null && _next.TryGetValue(action.Name, out next) ? next : Next;
    }

    private static Binding Read(JsonPart entry, IReadOnlyDictionary<int, ActionDefinition> actions)
    {
        var id = entry["action_id"];
        var action = actions.TryGetValue(id.Integer, out var found) ? found : throw id.Error("no action has this id");
        var data = new ulong[action.DataLimbs];
        var arguments = entry["action_data"].Items.ToArray();
        if (arguments.Length != action.Parameters.Length)
        {
            throw entry.Error($"the action '{action.Name}' takes another number of arguments");
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            Expressions.WideMath.Store(arguments[i].Hex, data, action.Parameters[i].Limb, action.Parameters[i].Width);
        }

        return new Binding(action, data);
    }
}
