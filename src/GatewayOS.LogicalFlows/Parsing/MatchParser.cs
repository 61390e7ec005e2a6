using System.Diagnostics;

namespace GatewayOS.LogicalFlows;

/// <summary>Recursive descent over the tokens of a match; OVN's expr_parse.</summary>
/// <remarks>
/// <code>
/// match    = term { "&amp;&amp;" term } | term { "||" term }            not mixed without parentheses
/// term     = [ "!" ] primary
/// primary  = "(" match ")" | field | field relop values | constants relop field [ relop constants ] | "0" | "1"
///          | "is_chassis_resident" "(" string ")"
/// field    = name [ "[" low [ ".." high ] "]" ]
/// values   = constant | "{" constant { [ "," ] constant } "}"
/// constant = number [ "/" number ] | string | "$" name | "@" name
/// </code>
/// With <paramref name="sets"/> null, sets stay symbolic (<see cref="Expr.InSet"/>).
/// </remarks>
internal sealed class MatchParser(Lexer lexer, SymbolTable symbols, INamedSets? sets)
{
    private const int DeepestParentheses = 100;

    private int _depth;
    private bool _isNegated;

    /// <summary>Parses to the end of the match, not of the input. Null when there is an error, which the lexer has.</summary>
    public Expr? Parse()
    {
        if (lexer.Error is not null || ParseTerm() is not { } match)
        {
            return null;
        }

        var connective = lexer.Current.Kind;
        if (connective is not (TokenKind.And or TokenKind.Or))
        {
            return match;
        }

        var operands = new List<Expr>();
        ExprLists.AddFlat(operands, match, connective == TokenKind.And);
        while (lexer.Match(connective))
        {
            if (ParseTerm() is not { } next)
            {
                return null;
            }

            ExprLists.AddFlat(operands, next, connective == TokenKind.And);
        }

        if (lexer.Current.Kind is TokenKind.And or TokenKind.Or)
        {
            lexer.Fail("&& and || must be parenthesized when used together.");
            return null;
        }

        return ExprLists.Join(connective == TokenKind.And, operands);
    }

    /// <summary>Parses a field or a part of one.</summary>
    public FieldSlice? ParseField()
    {
        if (!lexer.Is(TokenKind.Identifier) || !symbols.TryGet(lexer.CurrentText, out var field))
        {
            lexer.SyntaxError("expecting field name");
            return null;
        }

        lexer.Advance();
        return lexer.Match(TokenKind.LeftBracket) ? ParseBits(field) : field.Whole;
    }

    /// <summary>Parses one constant or, in braces, several.</summary>
    public ValueSet? ParseValues()
    {
        var values = new ValueSet();
        if (!lexer.Match(TokenKind.LeftBrace))
        {
            return ParseConstant(values) ? values : null;
        }

        values.InBraces = true;
        do
        {
            if (!ParseConstant(values))
            {
                return null;
            }

            lexer.Match(TokenKind.Comma);
        }
        while (!lexer.Match(TokenKind.RightBrace));

        return values;
    }

    public bool ParseConstant(ValueSet values)
    {
        var token = lexer.Current;
        switch (token.Kind)
        {
            case TokenKind.Template:
                lexer.Fail("Unexpanded template.");
                return false;
            case TokenKind.QuotedText:
                return Add(values, isText: true, new SetItem.Text(token.Text!));
            case TokenKind.Number or TokenKind.MaskedNumber:
                return Add(values, isText: false, new SetItem.Number(token.Number));
            case TokenKind.AddressSet:
                return ParseAddressSet(values, token.Text!);
            case TokenKind.PortGroup:
                return ParsePortGroup(values, token.Text!);
            default:
                lexer.SyntaxError("expecting constant");
                return false;
        }
    }

    private static Relop? RelopOf(TokenKind kind)
    {
        switch (kind)
        {
            case TokenKind.Equal:
                return Relop.Equal;
            case TokenKind.NotEqual:
                return Relop.NotEqual;
            case TokenKind.Less:
                return Relop.Less;
            case TokenKind.LessOrEqual:
                return Relop.LessOrEqual;
            case TokenKind.Greater:
                return Relop.Greater;
            case TokenKind.GreaterOrEqual:
                return Relop.GreaterOrEqual;
            default:
                return null;
        }
    }

    // What the operator becomes when its operands change places.
    private static Relop Turn(Relop relop) => relop switch
    {
        Relop.Equal or Relop.NotEqual => relop,
        Relop.Less => Relop.Greater,
        Relop.LessOrEqual => Relop.GreaterOrEqual,
        Relop.Greater => Relop.Less,
        Relop.GreaterOrEqual => Relop.LessOrEqual,
        _ => throw new UnreachableException(),
    };

    private static bool FormRange(Relop left, Relop right) =>
        (left is Relop.Less or Relop.LessOrEqual && right is Relop.Less or Relop.LessOrEqual)
        || (left is Relop.Greater or Relop.GreaterOrEqual && right is Relop.Greater or Relop.GreaterOrEqual);

    private FieldSlice? ParseBits(Field field)
    {
        if (field.IsString)
        {
            lexer.Fail($"Cannot select subfield of string field {field.Name}.");
            return null;
        }

        if (!lexer.ForceSmallNumber(out var low))
        {
            return null;
        }

        var high = low;
        if ((lexer.Match(TokenKind.Ellipsis) && !lexer.ForceSmallNumber(out high)) || !lexer.ForceMatch(TokenKind.RightBracket))
        {
            return null;
        }

        var error = low > high ? $"Invalid bit range {low} to {high}."
            : high >= field.Width ? $"Cannot select bits {low} to {high} of {field.Width}-bit field {field.Name}."
            : field.Level == FieldLevel.Nominal && (low != 0 || high != field.Width - 1)
                ? $"Cannot select subfield of nominal field {field.Name}."
            : null;
        if (error is not null)
        {
            lexer.Fail(error);
            return null;
        }

        return new FieldSlice(field, low, high - low + 1);
    }

    private Relop? ParseRelop()
    {
        var relop = RelopOf(lexer.Current.Kind);
        if (relop is null)
        {
            lexer.SyntaxError("expecting relational operator");
        }
        else
        {
            lexer.Advance();
        }

        return relop;
    }

    // A set may be of numbers or of strings, not of both.
    private bool SetType(ValueSet values, bool isText)
    {
        if (values.ValueCount > 0 && values.IsText != isText)
        {
            lexer.SyntaxError($"expecting {(values.IsText ? "string" : "integer")}");
            return false;
        }

        values.IsText = isText;
        return true;
    }

    private bool Add(ValueSet values, bool isText, SetItem item)
    {
        if (!SetType(values, isText))
        {
            return false;
        }

        values.Items.Add(item);
        values.ValueCount++;
        values.SetName = null;
        lexer.Advance();
        return true;
    }

    // The set may turn out to be empty, so it does not count as a value yet.
    private bool AddSymbolic(ValueSet values, bool isText, SetItem set)
    {
        if (!SetType(values, isText))
        {
            return false;
        }

        values.IsSymbolic = true;
        values.Items.Add(set);
        lexer.Advance();
        return true;
    }

    private bool ParseAddressSet(ValueSet values, string name)
    {
        if (sets is null)
        {
            return AddSymbolic(values, isText: false, new SetItem.AddressSet(name));
        }

        if (!sets.TryGetAddressSet(name, out var items))
        {
            lexer.SyntaxError("expecting address set name");
            return false;
        }

        if (!SetType(values, isText: false))
        {
            return false;
        }

        values.SetName = values.Items.Count == 0 ? "$" + name : null;
        foreach (var item in items)
        {
            values.Items.Add(new SetItem.Number(item));
        }

        values.ValueCount += items.Count;
        lexer.Advance();
        return true;
    }

    private bool ParsePortGroup(ValueSet values, string name)
    {
        if (sets is null)
        {
            return AddSymbolic(values, isText: true, new SetItem.PortGroup(name));
        }

        if (!sets.TryGetPortGroup(name, out var ports))
        {
            lexer.SyntaxError("expecting port group name");
            return false;
        }

        if (!SetType(values, isText: true))
        {
            return false;
        }

        values.SetName = values.Items.Count == 0 ? "@" + name : null;
        foreach (var port in ports)
        {
            values.Items.Add(new SetItem.Text(port));
        }

        values.ValueCount += ports.Count;
        lexer.Advance();
        return true;
    }

    private Expr? ParseTerm()
    {
        if (!lexer.Match(TokenKind.Not))
        {
            return ParsePrimary(out _);
        }

        _isNegated = !_isNegated;
        var operand = ParsePrimary(out var isAtomic);
        _isNegated = !_isNegated;
        if (operand is not null && !isAtomic)
        {
            lexer.Fail("Missing parentheses around operand of !.");
            return null;
        }

        return operand is null ? null : Negation.Negate(operand);
    }

    private Expr? ParsePrimary(out bool isAtomic)
    {
        isAtomic = false;
        switch (lexer.Current.Kind)
        {
            case TokenKind.LeftParenthesis:
                isAtomic = true;
                return ParseParentheses();
            case TokenKind.Template:
                lexer.Fail("Unexpanded template.");
                return null;
            case TokenKind.Identifier when lexer.LookAhead() == TokenKind.LeftParenthesis:
                isAtomic = true;
                return ParseFunction();
            case TokenKind.Identifier:
                return ParseFieldFirst(out isAtomic);
            default:
                return ParseConstantFirst(out isAtomic);
        }
    }

    private Expr? ParseParentheses()
    {
        lexer.Advance();
        if (_depth >= DeepestParentheses)
        {
            lexer.Fail("Parentheses nested too deeply.");
            return null;
        }

        _depth++;
        var match = Parse();
        _depth--;
        return lexer.ForceMatch(TokenKind.RightParenthesis) ? match : null;
    }

    private Expr.ChassisResident? ParseFunction()
    {
        if (!lexer.MatchIdentifier("is_chassis_resident"))
        {
            lexer.Fail("parsing function name");
            return null;
        }

        lexer.Advance();
        var port = lexer.Current;
        if (port.Kind != TokenKind.QuotedText)
        {
            lexer.SyntaxError("expecting string");
            return null;
        }

        lexer.Advance();
        return lexer.ForceMatch(TokenKind.RightParenthesis) ? new Expr.ChassisResident(port.Text!, IsNegated: false) : null;
    }

    private Expr? ParseFieldFirst(out bool isAtomic)
    {
        isAtomic = false;
        if (ParseField() is not { } slice)
        {
            return null;
        }

        if (RelopOf(lexer.Current.Kind) is { } relop)
        {
            lexer.Advance();
            return ParseValues() is { } values ? Make(slice, relop, values) : null;
        }

        if (slice.Width == 0 || lexer.Is(TokenKind.Assign))
        {
            lexer.SyntaxError("expecting relational operator");
            return null;
        }

        if (slice.Width > 1 && !_isNegated)
        {
            lexer.Fail("Explicit `!= 0' is required for inequality test of multibit field against 0.");
            return null;
        }

        isAtomic = true;
        var zero = new ValueSet { Items = { new SetItem.Number(new Constant(0, ConstantFormat.Hex)) } };
        return Make(slice, Relop.NotEqual, zero);
    }

    private Expr? ParseConstantFirst(out bool isAtomic)
    {
        isAtomic = false;
        if (ParseValues() is not { } left)
        {
            return null;
        }

        if (RelopOf(lexer.Current.Kind) is null
            && left is { InBraces: false, Items: [SetItem.Number { Value: { Format: ConstantFormat.Dec, IsMasked: false, Value: var value } }] }
            && value <= 1)
        {
            isAtomic = true;
            return value == 1 ? Expr.True : Expr.False;
        }

        if (ParseRelop() is not { } leftRelop || ParseField() is not { } slice)
        {
            return null;
        }

        if (RelopOf(lexer.Current.Kind) is not { } rightRelop)
        {
            return Make(slice, Turn(leftRelop), left);
        }

        lexer.Advance();
        if (ParseValues() is not { } right)
        {
            return null;
        }

        if (!FormRange(leftRelop, rightRelop))
        {
            lexer.Fail("Range expressions must have the form `x < field < y' or `x > field > y', with each `<' optionally "
                + "replaced by `<=' or `>' by `>=').");
            return null;
        }

        var lower = Make(slice, Turn(leftRelop), left);
        var upper = Make(slice, rightRelop, right);
        return lexer.Error is null ? ExprLists.And(lower, upper) : null;
    }

    private Expr? Make(FieldSlice slice, Relop relop, ValueSet values)
    {
        var match = Comparison.Make(slice, relop, values, _isNegated, out var error);
        if (error is not null)
        {
            lexer.Fail(error);
        }

        return match;
    }
}
