using System.Collections.Frozen;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Expressions;

/// <summary>Reads the "type value objects" of the JSON that stand for values.</summary>
/// <param name="layout">Resolves the names of fields, headers and stacks.</param>
/// <param name="parameters">The parameters of the action around the expression.</param>
internal sealed class NodeReader(ProgramLayout layout, Node.Parameter[] parameters)
{
    private static readonly FrozenDictionary<string, Operator> s_operators = new Dictionary<string, Operator>
    {
        ["+"] = Operator.Add,
        ["-"] = Operator.Subtract,
        ["*"] = Operator.Multiply,
        ["/"] = Operator.Divide,
        ["%"] = Operator.Remainder,
        ["<<"] = Operator.ShiftLeft,
        [">>"] = Operator.ShiftRight,
        ["&"] = Operator.BitAnd,
        ["|"] = Operator.BitOr,
        ["^"] = Operator.BitXor,
        ["~"] = Operator.Complement,
        ["two_comp_mod"] = Operator.WrapSigned,
        ["usat_cast"] = Operator.SaturateUnsigned,
        ["sat_cast"] = Operator.SaturateSigned,
        ["b2d"] = Operator.FromBool,
        ["?"] = Operator.Choose,
        ["=="] = Operator.Equal,
        ["!="] = Operator.NotEqual,
        ["<"] = Operator.Less,
        ["<="] = Operator.LessOrEqual,
        [">"] = Operator.Greater,
        [">="] = Operator.GreaterOrEqual,
        ["==b"] = Operator.SameBool,
        ["!=b"] = Operator.DifferentBool,
        ["and"] = Operator.And,
        ["or"] = Operator.Or,
        ["not"] = Operator.Not,
        ["d2b"] = Operator.ToBool,
    }.ToFrozenDictionary();

    public NodeReader(ProgramLayout layout)
        : this(layout, [])
    {
    }

    public Node Read(JsonPart part)
    {
        // An expression may be given without the object around it, and may be wrapped several times.
        if (part.Find("op") is not null)
        {
            return Operation(part);
        }

        var value = part["value"];
        return part["type"].Text switch
        {
            "expression" => Read(value),
            "hexstr" => new Node.Number(value.Hex),
            "bool" => new Node.Truth(value.Boolean),
            "field" => Field(value),
            "local" or "runtime_data" => Parameter(value),
            "stack_field" => LastField(value),
            var type => throw part.Error($"a value of type '{type}' is not supported here"),
        };
    }

    private Node.Field Field(JsonPart value)
    {
        var field = layout.Field(value);
        return field.IsVariable ? throw value.Error("a field of variable size has no number") : new Node.Field(field);
    }

    private Node.Parameter Parameter(JsonPart value) => value.Integer is >= 0 and var index && index < parameters.Length
        ? parameters[index]
        : throw value.Error("the action has no such parameter");

    private Node.StackField LastField(JsonPart value)
    {
        var stack = layout.Stack(value[0]);
        return new Node.StackField(stack, null, ProgramLayout.StackField(stack, value[1]));
    }

    private Node Operation(JsonPart part)
    {
        var op = part["op"];
        switch (op.Text)
        {
            case "valid":
                return new Node.Operation(Operator.ToBool, null, new Node.Field(layout.Header(part["right"]["value"]).Validity));
            case "==" when HeaderOf(part["left"]) is { } left:
                return new Node.SameHeader(left, layout.Header(part["right"]["value"]));
            case "!=" when HeaderOf(part["left"]) is { } left:
                return new Node.Operation(Operator.Not, null, new Node.SameHeader(left, layout.Header(part["right"]["value"])));
            case "==h" or "!=h":
                var same = new Node.SameHeader(layout.Header(part["left"]["value"]), layout.Header(part["right"]["value"]));
                return op.Text == "==h" ? same : new Node.Operation(Operator.Not, null, same);
            case "last_stack_index":
                return new Node.StackCount(layout.Stack(part["right"]["value"]), 1);
            case "size_stack":
                return new Node.StackCount(layout.Stack(part["right"]["value"]), 0);
            case "access_field":
                return AccessField(part);
            default:
                return General(part, op);
        }
    }

    private Node.Operation General(JsonPart part, JsonPart op)
    {
        if (!s_operators.TryGetValue(op.Text, out var code))
        {
            throw op.Error($"the operator '{op.Text}' is not supported");
        }

        var left = part["left"].IsNull ? null : Read(part["left"]);
        var right = Read(part["right"]);
        var condition = code == Operator.Choose ? Read(part["cond"]) : null;
        code = (code, right.IsBoolean) switch
        {
            (Operator.Equal, true) => Operator.SameBool,
            (Operator.NotEqual, true) => Operator.DifferentBool,
            _ => code,
        };
        if (code is Operator.WrapSigned or Operator.SaturateSigned or Operator.SaturateUnsigned && right is not Node.Number)
        {
            throw part.Error("the width of a cast has to be a constant");
        }

        var unary = code is Operator.Complement or Operator.FromBool or Operator.Not or Operator.ToBool;
        return unary || left is not null ? new Node.Operation(code, left, right, condition) : throw part.Error("an operand is missing");
    }

    private HeaderLayout? HeaderOf(JsonPart part) =>
        part.IsObject && part.Find("type") is { } type && type.Text == "header" ? layout.Header(part["value"]) : null;

    private Node.StackField AccessField(JsonPart part)
    {
        var dereference = Unwrap(part["left"]);
        if (dereference.Find("op") is not { } op || op.Text is not ("dereference_header_stack" or "dereference_stack"))
        {
            throw part.Error("access_field is supported for elements of header stacks only");
        }

        var stack = layout.Stack(dereference["left"]["value"]);
        var fields = stack.Elements[0].Fields;
        var offset = part["right"].Integer;
        return offset >= 0 && offset <= fields.Length
            ? new Node.StackField(stack, Read(dereference["right"]), offset == fields.Length ? stack.Elements[0].Validity : fields[offset])
            : throw part["right"].Error($"the elements of '{stack.Name}' have no such field");
    }

    private static JsonPart Unwrap(JsonPart part)
    {
        while (part.Find("op") is null && part["type"].Text == "expression")
        {
            part = part["value"];
        }

        return part;
    }
}
