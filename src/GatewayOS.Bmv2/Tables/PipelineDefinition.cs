using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;
using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>The control flow of ingress or egress as the program declares it.</summary>
internal sealed class PipelineDefinition(
    JsonPart part,
    TableDefinition[] tables,
    (JsonPart Part, Lazily<PacketTest> Test)[] conditions,
    IReadOnlyDictionary<int, ActionDefinition> actions,
    ProgramLayout layout)
{
    public TableDefinition[] Tables => tables;

    public (JsonPart Part, Lazily<PacketTest> Test)[] Conditions => conditions;

    /// <summary>Makes the action profiles.</summary>
    public IEnumerable<ActionProfile> NewProfiles() => part.Optional("action_profiles").Select(profile => new ActionProfile(
        profile["name"].Text,
        profile["max_size"].Integer,
        profile.Find("selector") is { IsNull: false } selector ? Calculation.Load(selector, layout) : null));

    /// <summary>Connects the nodes around tables; returns the first.</summary>
    public ControlNode? Connect(IReadOnlyDictionary<string, MatchTable> machineTables)
    {
        var nodes = new Dictionary<string, ControlNode>();
        foreach (var table in tables)
        {
            nodes[table.Name] = new ControlNode.Apply(machineTables[table.Name]);
        }

        foreach (var (condition, test) in conditions)
        {
            nodes[condition["name"].Text] = new ControlNode.Condition(test);
        }

        foreach (var call in part.Optional("action_calls"))
        {
            nodes[call["name"].Text] = new ControlNode.Call(actions[call["action_id"].Integer]);
        }

        ControlNode? Find(string? name) => name is null ? null
            : nodes.TryGetValue(name, out var node) ? node : throw part.Error($"there is no node '{name}' in the control flow");
        ControlNode? FindPart(JsonPart name) => Find(name.IsNull ? null : name.Text);
        foreach (var table in tables)
        {
            machineTables[table.Name].Connect(Find);
        }

        foreach (var (condition, _) in conditions)
        {
            var node = (ControlNode.Condition)nodes[condition["name"].Text];
            (node.WhenTrue, node.WhenFalse) = (FindPart(condition["true_next"]), FindPart(condition["false_next"]));
        }

        foreach (var call in part.Optional("action_calls"))
        {
            ((ControlNode.Call)nodes[call["name"].Text]).Next = FindPart(call["next_node"]);
        }

        return FindPart(part["init_table"]);
    }
}
