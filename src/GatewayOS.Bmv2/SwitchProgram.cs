using System.Text.Json;
using GatewayOS.Bmv2.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.Bmv2.Tables;

namespace GatewayOS.Bmv2;

/// <summary>A v1model program, loaded from the JSON that p4c writes for bmv2's simple_switch. It holds no state; any number of machines may run it.</summary>
public sealed class SwitchProgram
{
    /// <summary>A wide expression of P4 is a deep tree in the JSON, six levels an operator.</summary>
    private const int MaxDepth = 2048;

    private readonly Dictionary<int, ActionDefinition> _actions = [];

    private SwitchProgram(JsonPart root)
    {
        CheckVersion(root);
        Layout = ProgramLayout.Load(root);
        Objects = new ProgramObjects(root, Layout);
        var compiler = new ActionCompiler(Layout, Objects);
        foreach (var part in root["actions"].Items)
        {
            var action = compiler.Compile(part);
            if (!_actions.TryAdd(action.Id, action))
            {
                throw part.Error("a second action has this id");
            }
        }

        var errors = new ParserErrors(root);
        ValueSets = [.. root.Optional("parse_vsets").Select(part => (part["name"].Text, part["compressed_bitwidth"].Integer, part["max_size"].Integer))];
        var checksums = root.Optional("checksums").Select(part => (Part: part, Checksum: ReadChecksum(part))).ToArray();
        var parserCompiler = new ParserCompiler(Layout, compiler, errors, [.. ValueSets.Select(set => set.Name)]);
        Parser = new ParserDefinition(
            root["parsers"][0], parserCompiler, errors,
            [.. checksums.Where(checksum => Flag(checksum.Part, "verify")).Select(checksum => checksum.Checksum)]);
        Deparser = new DeparserDefinition(
            root["deparsers"][0], Layout, compiler,
            [.. checksums.Where(checksum => Flag(checksum.Part, "update")).Select(checksum => checksum.Checksum)]);
        Ingress = ReadPipeline(root, "ingress");
        Egress = ReadPipeline(root, "egress");
        FieldLists = ReadFieldLists(root, "field_lists").ToDictionary(list => list.Id, list => list.Fields);
        LearnLists = ReadFieldLists(root, "learn_lists").ToDictionary(list => list.Id, list => (list.Name, list.Fields));
        Standard = new StandardFields(Layout, root);
    }

    internal ProgramLayout Layout { get; }

    internal ProgramObjects Objects { get; }

    internal ParserDefinition Parser { get; }

    internal DeparserDefinition Deparser { get; }

    internal PipelineDefinition Ingress { get; }

    internal PipelineDefinition Egress { get; }

    internal StandardFields Standard { get; }

    internal Dictionary<int, FieldLayout[]> FieldLists { get; }

    internal Dictionary<int, (string Name, FieldLayout[] Fields)> LearnLists { get; }

    internal (string Name, int Width, int Size)[] ValueSets { get; }

    /// <exception cref="ProgramFormatException">The JSON is malformed or needs what this switch does not have; the message says where and what.</exception>
    public static SwitchProgram Load(string json) => Load(System.Text.Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Load(string)"/>
    public static SwitchProgram Load(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });

            // The parts that are read later (constant entries) outlive the document.
            return new SwitchProgram(new JsonPart(document.RootElement.Clone(), "$"));
        }
        catch (JsonException exception)
        {
            throw new ProgramFormatException("$", $"not JSON: {exception.Message}");
        }
    }

    /// <summary>Compiles everything now rather than when the first packet needs it.</summary>
    public void Prepare(CancellationToken cancellation)
    {
        Parser.Prepare();
        foreach (var pipeline in new[] { Ingress, Egress })
        {
            foreach (var (_, test) in pipeline.Conditions)
            {
                test.Compile();
            }

            foreach (var table in pipeline.Tables)
            {
                table.Key.Prepare();
            }
        }

        Deparser.Prepare();
        foreach (var action in _actions.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            action.Prepare();
        }
    }

    private static void CheckVersion(JsonPart root)
    {
        var version = root["__meta__"]["version"];
        if (version[0].Integer != 2)
        {
            throw version.Error("only version 2 of the format is supported");
        }
    }

    private static bool Flag(JsonPart part, string name) => part.Find(name) is not { IsNull: false } flag || flag.Boolean;

    private Checksum ReadChecksum(JsonPart part)
    {
        if (part["type"].Text != "generic")
        {
            throw part["type"].Error($"a checksum of type '{part["type"].Text}' is not supported");
        }

        var condition = part.Find("if_cond") is { IsNull: false } test ? Test(test) : null;
        return new Checksum(Layout.Field(part["target"]), Objects.Calculation(part["calculation"]), condition);
    }

    private Lazily<PacketTest> Test(JsonPart part)
    {
        var state = System.Linq.Expressions.Expression.Parameter(typeof(PacketState), "state");
        var fields = System.Linq.Expressions.Expression.Variable(typeof(ulong[]), "fields");
        var data = System.Linq.Expressions.Expression.Variable(typeof(ulong[]), "data");
        var test = new NodeCompiler(Layout, fields, data).Condition(new NodeReader(Layout).Read(part));
        var assign = System.Linq.Expressions.Expression.Assign(
            fields, System.Linq.Expressions.Expression.Field(state, nameof(PacketState.Fields)));
        var body = System.Linq.Expressions.Expression.Block([fields, data], assign, test);
        return new Lazily<PacketTest>(System.Linq.Expressions.Expression.Lambda<PacketTest>(body, state));
    }

    private PipelineDefinition ReadPipeline(JsonPart root, string name)
    {
        var part = root["pipelines"].Items.FirstOrDefault(pipeline => pipeline["name"].Text == name);
        return part.Path is null
            ? throw root["pipelines"].Error($"there is no pipeline '{name}'")
            : new PipelineDefinition(
                part,
                [.. part["tables"].Items.Select(table => new TableDefinition(table, Layout, Objects, _actions))],
                [.. part.Optional("conditionals").Select(condition => (condition, Test(condition["expression"])))],
                _actions,
                Layout);
    }

    private IEnumerable<(int Id, string Name, FieldLayout[] Fields)> ReadFieldLists(JsonPart root, string name) => root.Optional(name).Select(list => (
        list["id"].Integer,
        list["name"].Text,
        list["elements"].Items.Select(element => element["type"].Text == "field"
            ? Layout.Field(element["value"])
            : throw element.Error("a list of fields holds only fields here")).ToArray()));
}
