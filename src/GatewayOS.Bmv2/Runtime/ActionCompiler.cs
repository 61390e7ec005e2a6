using System.Linq.Expressions;
using System.Numerics;
using GatewayOS.Bmv2.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>Turns the primitives of actions into expression trees.</summary>
/// <remarks>
/// <c>log_msg</c>, <c>assert</c> and <c>assume</c> do nothing here: bmv2 prints, or ends the whole process, and a switch that forwards does neither.
/// </remarks>
internal sealed class ActionCompiler(ProgramLayout layout, ProgramObjects objects)
{
    /// <summary>The port that stands for "drop".</summary>
    public const int DropPort = 511;

    private readonly ParameterExpression _state = Expression.Parameter(typeof(PacketState), "state");
    private readonly ParameterExpression _data = Expression.Parameter(typeof(ulong[]), "data");
    private readonly ParameterExpression _fields = Expression.Variable(typeof(ulong[]), "fields");

    public ActionDefinition Compile(JsonPart part)
    {
        var parameters = new List<ActionParameter>();
        var limb = 0;
        foreach (var parameter in part["runtime_data"].Items)
        {
            parameters.Add(new ActionParameter(parameter["name"].Text, parameter["bitwidth"].Integer, limb));
            limb += parameters[^1].Limbs;
        }

        var reader = new NodeReader(layout, [.. parameters.Select(parameter => new Node.Parameter(parameter.Limb, parameter.Width))]);
        return new ActionDefinition(
            part["name"].Text, part["id"].Integer, [.. parameters], Body(reader, [.. part["primitives"].Items]));
    }

    /// <summary>The primitives in sequence; jumps go to the number of a primitive in the sequence.</summary>
    public Expression<ActionCode> Body(NodeReader reader, JsonPart[] primitives)
    {
        var code = new NodeCompiler(layout, _fields, _data);
        var labels = primitives.Append(default).Select(_ => Expression.Label()).ToArray();
        var jumps = primitives.Any(primitive => primitive["op"].Text is "_jump" or "_jump_if_zero");
        var steps = new List<Expression>();
        for (var i = 0; i < primitives.Length; i++)
        {
            if (jumps)
            {
                steps.Add(Expression.Label(labels[i]));
            }

            steps.Add(Primitive(new Call(primitives[i], reader, code), labels));
        }

        steps.RemoveAll(step => step is DefaultExpression);
        if (steps.Count == 0)
        {
            return Expression.Lambda<ActionCode>(Expression.Empty(), _state, _data);
        }

        steps.Insert(0, Expression.Assign(_fields, Member(nameof(PacketState.Fields))));
        steps.Add(Expression.Label(labels[^1]));
        return Expression.Lambda<ActionCode>(Expression.Block(typeof(void), [_fields], steps), _state, _data);
    }

    /// <summary>One primitive and what is needed to compile it.</summary>
    private readonly record struct Call(JsonPart Part, NodeReader Reader, NodeCompiler Code)
    {
        public JsonPart this[int index] => Part["parameters"][index];

        public Expression Index(int argument) => Code.Index(Reader.Read(this[argument]));

        public Expression Number(int argument) => Code.Modular(Reader.Read(this[argument]), wide: false);
    }

    private Expression Primitive(Call call, LabelTarget[] labels)
    {
        switch (call.Part["op"].Text)
        {
            case "assign" or "modify_field":
                return Store(call, 0, call.Reader.Read(call[1]));
            case "assign_VL":
                return Header(nameof(HeaderOperations.AssignVariable), layout.Field(call[0]["value"]), layout.Field(call[1]["value"]));
            case "assign_header" or "copy_header":
                return Header(nameof(HeaderOperations.Assign), layout.Header(call[0]["value"]), layout.Header(call[1]["value"]));
            case "assign_header_stack":
                return Header(nameof(HeaderOperations.AssignStack), layout.Stack(call[0]["value"]), layout.Stack(call[1]["value"]));
            case "add_header":
                return Header(nameof(HeaderOperations.Add), layout.Header(call[0]["value"]));
            case "remove_header":
                return Header(nameof(HeaderOperations.Remove), layout.Header(call[0]["value"]));
            case "push":
                return Header(nameof(HeaderOperations.Push), layout.Stack(call[0]["value"]), Constant(call[1]));
            case "pop":
                return Header(nameof(HeaderOperations.Pop), layout.Stack(call[0]["value"]), Constant(call[1]));
            case "mark_to_drop" or "drop":
                return Drop(call);
            case "exit":
                return Expression.Assign(Member(nameof(PacketState.Exit)), Expression.Constant(true));
            case "truncate":
                return Expression.Assign(Member(nameof(PacketState.TruncatedLength)), Expression.Call(
                    typeof(Math).GetMethod(nameof(Math.Min), [typeof(int), typeof(int)])!, Member(nameof(PacketState.TruncatedLength)), ToInt(call.Index(0))));
            case "clone_ingress_pkt_to_egress" or "clone_egress_pkt_to_egress":
                return Expression.Block(Request(nameof(PacketState.CloneSession), call, 0, 0x7fff), Request(nameof(PacketState.CloneFieldList), call, 1));
            case "resubmit":
                return Request(nameof(PacketState.ResubmitFieldList), call, 0);
            case "recirculate":
                return Request(nameof(PacketState.RecirculateFieldList), call, 0);
            case "generate_digest":
                return Request(nameof(PacketState.DigestList), call, 1);
            case "modify_field_with_hash_based_offset":
                var hash = Header(nameof(HeaderOperations.Hash), objects.Calculation(call[2]["value"]), call.Number(1), call.Number(3));
                return StoreNumber(call, 0, hash);
            case "modify_field_rng_uniform":
                return Random(call);
            case "count":
                return Stateful(nameof(StatefulObjects.Counters), objects.Counter(call[0]["value"]), nameof(CounterArray.Count),
                    call.Index(1), Member(nameof(PacketState.IngressLength)));
            case "execute_meter":
                return Stateful(nameof(StatefulObjects.Meters), objects.Meter(call[0]["value"]), nameof(MeterArray.Execute),
                    call.Index(1), _state, Expression.Constant(Destination(call, 2).Limb));
            case "register_read":
                var field = Destination(call, 0);
                return Stateful(nameof(StatefulObjects.Registers), objects.Register(call[1]["value"]), nameof(RegisterArray.Read),
                    call.Index(2), _fields, Expression.Constant(field.Limb), Expression.Constant(field.Width));
            case "register_write":
                return WriteRegister(call);
            case "_jump":
                return Expression.Goto(Label(call[0], labels));
            case "_jump_if_zero":
                var condition = call.Code.Exact(call.Reader.Read(call[0]));
                var zero = Expression.Convert(Expression.Constant(0UL), condition.Type);
                return Expression.IfThen(Expression.Equal(condition, zero), Expression.Goto(Label(call[1], labels)));
            case "no_op" or "log_msg" or "assert" or "assume":
                return Expression.Empty();
            case var op:
                throw call.Part["op"].Error($"the primitive '{op}' is not supported");
        }
    }

    private MemberExpression Member(string name) => Expression.Field(_state, name);

    private MethodCallExpression Header(string method, params object[] arguments) => Expression.Call(
        typeof(HeaderOperations).GetMethod(method)!,
        [_state, .. arguments.Select(argument => argument as Expression ?? Expression.Constant(argument))]);

    private MethodCallExpression Stateful(string array, int index, string method, params Expression[] arguments) => Expression.Call(
        Expression.ArrayIndex(Expression.Field(Member(nameof(PacketState.Objects)), array), Expression.Constant(index)), method, null, arguments);

    private BinaryExpression Request(string member, Call call, int argument, ulong mask = 0xffff) => Expression.Assign(
        Member(member), Expression.Convert(Expression.And(call.Number(argument), Expression.Constant(mask)), typeof(int)));

    private static int Constant(JsonPart part)
    {
        var value = part["type"].Text == "hexstr" ? part["value"].Hex : throw part.Error("a constant is expected");
        return value >= 0 && value <= 1 << 16 ? (int)value : throw part.Error("the constant is out of bounds");
    }

    private static LabelTarget Label(JsonPart part, LabelTarget[] labels) => Constant(part) is var index && index < labels.Length
        ? labels[index]
        : throw part.Error("the jump leads out of the action");

    private static ConditionalExpression ToInt(Expression number) => Expression.Condition(
        Expression.LessThan(number, Expression.Constant((ulong)int.MaxValue)), Expression.Convert(number, typeof(int)), Expression.Constant(int.MaxValue));

    private FieldLayout Destination(Call call, int argument)
    {
        var part = call[argument];
        var field = part["type"].Text == "field" ? layout.Field(part["value"]) : throw part.Error("a field is expected");
        return field.IsVariable ? throw part.Error("a field of fixed size is expected") : field;
    }

    private static Expression Store(Call call, int argument, Node value) => call.Reader.Read(call[argument]) switch
    {
        Node.Field field => call.Code.Store(field.Layout, value),
        Node.StackField field => call.Code.Store(field, value),
        _ => throw call[argument].Error("this cannot be assigned to"),
    };

    /// <summary>Stores a ulong that was not computed from a <see cref="Node"/>.</summary>
    private BlockExpression StoreNumber(Call call, int argument, Expression value)
    {
        var field = Destination(call, argument);
        var low = Expression.Assign(call.Code.Limb(field.Limb), Expression.And(value, Expression.Constant(NodeCompiler.Mask(field.Width))));
        var rest = Enumerable.Range(1, field.Limbs - 1).Select(i => Expression.Assign(call.Code.Limb(field.Limb + i), Expression.Constant(0UL)));
        return Expression.Block([low, .. rest]);
    }

    private BlockExpression Random(Call call)
    {
        var low = Expression.Variable(typeof(ulong), "low");
        var high = Expression.Variable(typeof(ulong), "high");
        var next = Expression.Call(
            Expression.Field(Member(nameof(PacketState.Objects)), nameof(StatefulObjects.Random)), nameof(RandomSource.Next), null, low, high);

        // As in bmv2, nothing is stored when the bounds are the wrong way around.
        return Expression.Block(
            [low, high],
            Expression.Assign(low, call.Number(1)),
            Expression.Assign(high, call.Number(2)),
            Expression.IfThen(Expression.LessThanOrEqual(low, high), StoreNumber(call, 0, next)));
    }

    private BlockExpression WriteRegister(Call call)
    {
        var register = objects.Register(call[0]["value"]);
        var width = objects.Registers[register].Width;
        var nowhere = Expression.Constant(layout.NowhereLimb);
        return Expression.Block(
            call.Code.Store(nowhere, width, call.Reader.Read(call[2])),
            Stateful(nameof(StatefulObjects.Registers), register, nameof(RegisterArray.Write), call.Index(1), _fields, nowhere, Expression.Constant(width)));
    }

    private Expression Drop(Call call)
    {
        var spec = layout.Find("standard_metadata.egress_spec") ?? throw call.Part.Error("the program has no standard_metadata.egress_spec");
        var drop = call.Code.Store(spec, new Node.Number(new BigInteger(DropPort)));
        return layout.Find("intrinsic_metadata.mcast_grp") is { } group
            ? Expression.Block(drop, call.Code.Store(group, new Node.Number(BigInteger.Zero)))
            : drop;
    }
}
