using System.Linq.Expressions;
using System.Numerics;
using GatewayOS.Bmv2.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>Turns the states of a parser into expression trees, one per state.</summary>
internal sealed class ParserCompiler(ProgramLayout layout, ActionCompiler actions, ParserErrors errors, string[] valueSets)
{
    private readonly ParameterExpression _state = Expression.Parameter(typeof(PacketState), "state");
    private readonly ParameterExpression _fields = Expression.Variable(typeof(ulong[]), "fields");
    private readonly ParameterExpression _data = Expression.Variable(typeof(ulong[]), "data");
    private readonly NodeReader _reader = new(layout);

    private NodeCompiler Code => new(layout, _fields, _data);

    private MemberExpression Cursor => Expression.Field(_state, nameof(PacketState.Cursor));

    private MemberExpression Packet => Expression.Field(_state, nameof(PacketState.Packet));

    public Expression<ParseStep> Compile(JsonPart part, Dictionary<string, int> states)
    {
        var end = Expression.Label(typeof(int));
        var steps = new List<Expression> { Expression.Assign(_fields, Expression.Field(_state, nameof(PacketState.Fields))) };
        foreach (var operation in part["parser_ops"].Items)
        {
            steps.Add(Operation(operation, end));
        }

        Transitions(part, states, steps, end);
        steps.Add(Expression.Label(end, Expression.Constant(-1)));
        return Expression.Lambda<ParseStep>(Expression.Block([_fields, _data], steps), _state);
    }

    private Expression Operation(JsonPart part, LabelTarget end)
    {
        JsonPart Argument(int index) => part["parameters"][index];
        switch (part["op"].Text)
        {
            case "extract":
                return Extract(Argument(0), null, end);
            case "extract_VL":
                return Extract(Argument(0), Code.Index(_reader.Read(Argument(1))), end);
            case "set":
                return Set(Argument(0), Argument(1), end);
            case "verify":
                return Expression.IfThen(
                    Expression.Not(Code.Condition(_reader.Read(Argument(0)))), Fail(Code.Modular(_reader.Read(Argument(1)), wide: false), end));
            case "advance":
                return Advance(Code.Index(_reader.Read(Argument(0))), end);
            case "shift":
                return Advance(Expression.Constant((ulong)Argument(0).Integer * 8), end);
            case "primitive":
                var body = actions.Body(_reader, [Argument(0)]);
                var action = new ActionDefinition(Argument(0)["op"].Text, -1, [], body);
                return Expression.Call(Expression.Constant(action), nameof(ActionDefinition.Execute), null, _state, Expression.Constant(Array.Empty<ulong>()));
            case var op:
                throw part["op"].Error($"the parser operation '{op}' is not supported");
        }
    }

    private BlockExpression Fail(Expression error, LabelTarget end) => Expression.Block(
        Expression.Assign(Expression.Field(_state, nameof(PacketState.ParserError)), error), Expression.Return(end, Expression.Constant(-1)));

    private BlockExpression Fail(ulong error, LabelTarget end) => Fail(Expression.Constant(error), end);

    /// <summary>Ends with PacketTooShort unless so many octets (ulong) are left.</summary>
    private ConditionalExpression Require(Expression octets, LabelTarget end)
    {
        var left = Expression.Convert(Expression.Subtract(Expression.Field(_state, nameof(PacketState.End)), Cursor), typeof(ulong));
        return Expression.IfThen(Expression.LessThan(left, octets), Fail(errors.PacketTooShort, end));
    }

    private BlockExpression Advance(Expression bits, LabelTarget end)
    {
        var amount = Expression.Variable(typeof(ulong), "amount");
        var octets = Expression.RightShift(amount, Expression.Constant(3));
        return Expression.Block(
            [amount],
            Expression.Assign(amount, bits),
            Expression.IfThen(IsNoOctets(amount), Fail(errors.ParserInvalidArgument, end)),
            Require(octets, end),
            Expression.AddAssign(Cursor, Expression.Convert(octets, typeof(int))));
    }

    private static BinaryExpression IsNoOctets(Expression bits) =>
        Expression.NotEqual(Expression.And(bits, Expression.Constant(7UL)), Expression.Constant(0UL));

    private BlockExpression Extract(JsonPart target, Expression? variableBits, LabelTarget end)
    {
        switch (target["type"].Text)
        {
            case "regular":
                var header = layout.Header(target["value"]);
                return Extract(header, Expression.Constant(header.FirstLimb), variableBits, end, target);
            case "stack":
                var stack = layout.Stack(target["value"]);
                if (variableBits is not null)
                {
                    throw target.Error("a stack of headers of variable size is not supported");
                }

                var next = Code.Limb(stack.NextLimb);
                var start = Expression.Variable(typeof(int), "start");
                var index = Expression.Convert(next, typeof(int));
                return Expression.Block(
                    [start],
                    Expression.IfThen(
                        Expression.GreaterThanOrEqual(next, Expression.Constant((ulong)stack.Elements.Length)), Fail(errors.StackOutOfBounds, end)),
                    Expression.Assign(start, Expression.ArrayIndex(Expression.Constant(stack.Bases), index)),
                    Extract(stack.Elements[0], start, null, end, target),
                    Expression.Assign(next, Expression.Increment(next)));
            case var type:
                throw target["type"].Error($"extraction to '{type}' is not supported");
        }
    }

    /// <param name="header">The shape.</param>
    /// <param name="start">The first limb of the instance.</param>
    /// <param name="variableBits">The size of the field of variable size.</param>
    /// <param name="end">Where an error leads.</param>
    /// <param name="part">For complaints.</param>
    private BlockExpression Extract(HeaderLayout header, Expression start, Expression? variableBits, LabelTarget end, JsonPart part)
    {
        if (header.Variable is not null != variableBits is not null)
        {
            throw part.Error($"'{header.Name}' and its extraction disagree on whether it has a field of variable size");
        }

        var bits = Expression.Variable(typeof(ulong), "bits");
        var steps = new List<Expression>();
        var size = (Expression)Expression.Constant((ulong)header.FixedSize);
        if (variableBits is not null)
        {
            size = Expression.Add(size, Expression.RightShift(bits, Expression.Constant(3)));
            steps.Add(Expression.Assign(bits, variableBits));
            steps.Add(Expression.IfThen(IsNoOctets(bits), Fail(errors.ParserInvalidArgument, end)));
        }

        steps.Add(Require(size, end));
        if (variableBits is not null)
        {
            var most = Expression.Constant((ulong)header.Variable!.Width);
            steps.Add(Expression.IfThen(Expression.GreaterThan(bits, most), Fail(errors.HeaderTooShort, end)));
        }

        var at = 0;
        foreach (var field in header.Fields)
        {
            var limb = Expression.Add(start, Expression.Constant(field.Limb - header.FirstLimb));
            if (field.IsVariable)
            {
                steps.Add(Expression.Call(typeof(ParserCompiler), nameof(ReadVariable), null,
                    _state, Expression.Constant(field.VariableOffset), Expression.Constant(at / 8), bits));
                steps.Add(Expression.Assign(Code.Limb(limb), bits));
                steps.Add(Expression.AddAssign(Cursor, Expression.Convert(Expression.RightShift(bits, Expression.Constant(3)), typeof(int))));
            }
            else
            {
                steps.AddRange(ReadBits(at, field.Width).Select((value, i) =>
                    Expression.Assign(Code.Limb(Expression.Add(limb, Expression.Constant(i))), value)));
                at += field.Width;
            }
        }

        steps.Add(Expression.Assign(
            Code.Limb(Expression.Add(start, Expression.Constant(header.Validity.Limb - header.FirstLimb))), Expression.Constant(1UL)));
        steps.Add(Expression.AddAssign(Cursor, Expression.Constant(at / 8)));
        return Expression.Block([bits], steps);
    }

    private static void ReadVariable(PacketState state, int offset, int at, ulong bits) =>
        state.Packet.AsSpan(state.Cursor + at, (int)(bits / 8)).CopyTo(state.Variable.AsSpan(offset));

    /// <summary>The limbs of a number in the packet, the least significant first.</summary>
    private IEnumerable<Expression> ReadBits(int at, int width)
    {
        for (var end = at + width; end > at; end -= 64)
        {
            var start = Math.Max(at, end - 64);
            yield return Expression.Call(typeof(PacketBits), nameof(PacketBits.Read), null,
                Packet, Expression.Add(Cursor, Expression.Constant(start / 8)), Expression.Constant(start % 8), Expression.Constant(end - start));
        }
    }

    private Expression Set(JsonPart target, JsonPart source, LabelTarget end)
    {
        var field = target["type"].Text == "field" ? layout.Field(target["value"]) : throw target.Error("a field is expected");
        if (source["type"].Text == "lookahead")
        {
            var (at, width) = (source["value"][0].Integer, source["value"][1].Integer);
            var limbs = ReadBits(at, width).ToArray();
            return Expression.Block(
                [Require(Expression.Constant((ulong)(at + width + 7) / 8), end), .. Enumerable.Range(0, field.Limbs).Select(i => Expression.Assign(
                    Code.Limb(field.Limb + i), Cut(i < limbs.Length ? limbs[i] : Expression.Constant(0UL), field.Width - 64 * i, width - 64 * i)))]);
        }

        if (field.IsVariable)
        {
            return Expression.Call(typeof(HeaderOperations), nameof(HeaderOperations.AssignVariable), null,
                _state, Expression.Constant(field), Expression.Constant(layout.Field(source["value"])));
        }

        return Code.Store(field, _reader.Read(source));
    }

    private static Expression Cut(Expression limb, int width, int sourceWidth) =>
        width >= 64 || sourceWidth <= width ? limb : Expression.And(limb, Expression.Constant(NodeCompiler.Mask(width)));

    private void Transitions(JsonPart part, Dictionary<string, int> states, List<Expression> steps, LabelTarget end)
    {
        var widths = new List<int>();
        var variables = new List<ParameterExpression>();
        var assignments = new List<Expression>();
        foreach (var key in part.Optional("transition_key"))
        {
            var (limbs, width) = KeyLimbs(key, assignments, end);
            widths.Add(width);
            foreach (var limb in limbs)
            {
                var variable = Expression.Variable(typeof(ulong), "key");
                variables.Add(variable);
                assignments.Add(Expression.Assign(variable, limb));
            }
        }

        steps.Add(Expression.Block(variables, assignments.Concat(part.Optional("transitions").Select(transition =>
        {
            var target = Expression.Return(end, Expression.Constant(Target(transition["next_state"], states)));
            return transition["type"].Text switch
            {
                "default" => (Expression)target,
                "hexstr" => Expression.IfThen(Matches(transition, widths, variables), target),
                "parse_vset" => Expression.IfThen(IsInSet(transition, widths, variables), target),
                var type => throw transition.Error($"a transition of type '{type}' is not supported"),
            };
        })).Append(Expression.Empty())));
    }

    private static int Target(JsonPart next, Dictionary<string, int> states) => next.IsNull ? -1
        : states.TryGetValue(next.Text, out var state) ? state : throw next.Error($"there is no parser state '{next.Text}'");

    private (IEnumerable<Expression> Limbs, int Width) KeyLimbs(JsonPart key, List<Expression> checks, LabelTarget end)
    {
        switch (key["type"].Text)
        {
            case "lookahead":
                var (at, width) = (key["value"][0].Integer, key["value"][1].Integer);
                checks.Add(Require(Expression.Constant((ulong)(at + width + 7) / 8), end));
                return (ReadBits(at, width), width);
            case "field":
                var field = layout.Field(key["value"]);
                return (Enumerable.Range(field.Limb, field.Limbs).Select(limb => (Expression)Code.Limb(limb)), field.Width);
            case "stack_field":
                var node = (Node.StackField)_reader.Read(key);
                return node.Shape.Width <= 64
                    ? ([Code.Modular(node, wide: false)], node.Shape.Width)
                    : throw key.Error("a field of a stack that selects has at most 64 bits here");
            case var type:
                throw key.Error($"a transition key of type '{type}' is not supported");
        }
    }

    /// <summary>Values and masks hold every field of the key padded to whole octets.</summary>
    private static Expression Matches(JsonPart transition, List<int> widths, List<ParameterExpression> variables)
    {
        var values = Unpad(transition["value"].Hex, widths);
        var masks = transition["mask"].IsNull ? Unpad(BigInteger.Pow(2, widths.Sum(width => (width + 7) / 8 * 8)) - 1, widths) : Unpad(transition["mask"].Hex, widths);
        Expression? test = null;
        for (var i = 0; i < variables.Count; i++)
        {
            if (masks[i].Mask == 0)
            {
                continue;
            }

            var masked = masks[i].Mask == NodeCompiler.Mask(masks[i].Width)
                ? (Expression)variables[i]
                : Expression.And(variables[i], Expression.Constant(masks[i].Mask));
            var equal = Expression.Equal(masked, Expression.Constant(values[i].Mask & masks[i].Mask));
            test = test is null ? equal : Expression.AndAlso(test, equal);
        }

        return test ?? Expression.Constant(true);
    }

    private static List<(ulong Mask, int Width)> Unpad(BigInteger padded, List<int> widths)
    {
        var limbs = new List<(ulong, int)>();
        var shift = widths.Sum(width => (width + 7) / 8 * 8);
        foreach (var width in widths)
        {
            shift -= (width + 7) / 8 * 8;
            for (var bit = 0; bit < width; bit += 64)
            {
                var count = Math.Min(64, width - bit);
                limbs.Add(((ulong)(padded >> (shift + bit) & NodeCompiler.Mask(count)), count));
            }
        }

        return limbs;
    }

    private MethodCallExpression IsInSet(JsonPart transition, List<int> widths, List<ParameterExpression> variables)
    {
        var index = Array.IndexOf(valueSets, transition["value"].Text);
        if (index < 0 || widths.Sum() > 128 || !transition["mask"].IsNull)
        {
            throw transition.Error("a value set has to be declared, of at most 128 bits and without a mask here");
        }

        Expression key = Expression.Constant(UInt128.Zero);
        var next = 0;
        foreach (var width in widths)
        {
            var limbs = variables.GetRange(next, FieldLayout.LimbsOf(width));
            next += limbs.Count;
            var number = limbs.Count == 1
                ? (Expression)Expression.Convert(limbs[0], typeof(UInt128))
                : Expression.New(typeof(UInt128).GetConstructor([typeof(ulong), typeof(ulong)])!, limbs[1], limbs[0]);
            key = width == 128 ? number : Expression.Or(Expression.LeftShift(key, Expression.Constant(width)), number);
        }

        var set = Expression.ArrayIndex(
            Expression.Field(Expression.Field(_state, nameof(PacketState.Objects)), nameof(StatefulObjects.ValueSets)), Expression.Constant(index));
        return Expression.Call(set, nameof(ValueSet.Contains), null, key);
    }
}
