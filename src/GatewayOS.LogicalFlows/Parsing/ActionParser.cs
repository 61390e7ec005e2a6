using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Recursive descent over the tokens of a flow's actions; OVN's ovnacts_parse.</summary>
/// <remarks>
/// <code>
/// actions = "drop" ";" | { action ";" }
/// action  = field "=" ( constant | field | verb "(" ... ")" ) | field "&lt;-&gt;" field | "ip.ttl" "--"
///         | verb [ "(" ... ")" ] | verb "{" actions "}"
/// </code>
/// Where OVN's parser is more lenient than that, this one is too: what ovn-controller accepts has to be understood.
/// Files: this one dispatches; Assignments, Connections, Lookups, Options and Others hold the arguments of each family.
/// </remarks>
internal sealed partial class ActionParser(Lexer lexer, SymbolTable symbols, ActionContext context)
{
    private const int DeepestNesting = 32;

    private readonly MatchParser _operands = new(lexer, symbols, NamedSets.None);
    private WriteScope _scope = WriteScope.Ordinary;
    private int _depth;

    /// <summary>What the actions parsed so far need; not annotated.</summary>
    public Expr? Prerequisites { get; private set; }

    /// <summary>Parses to the end of the input. When there is an error, which the lexer has, the list is of no use.</summary>
    public List<ActionNode> Parse() => ParseList(TokenKind.End);

    private bool Failed => lexer.Error is not null;

    private List<ActionNode> ParseList(TokenKind closing)
    {
        var actions = new List<ActionNode>();
        if (lexer.IsIdentifier("drop") && lexer.LookAhead() == TokenKind.Semicolon)
        {
            lexer.Advance();
            lexer.Advance();
            lexer.ForceMatch(closing);
            return actions;
        }

        while (!lexer.Match(closing) && !(closing == TokenKind.End && lexer.Is(TokenKind.End)))
        {
            var action = ParseAction();
            if (Failed || !lexer.ForceMatch(TokenKind.Semicolon))
            {
                break;
            }

            if (action is not null)
            {
                actions.Add(action);
            }
        }

        return actions;
    }

    private ActionNode? ParseAction()
    {
        if (lexer.Is(TokenKind.Template))
        {
            lexer.Fail("Unexpanded template.");
            return null;
        }

        if (!lexer.Is(TokenKind.Identifier))
        {
            lexer.SyntaxError();
            return null;
        }

        return lexer.LookAhead() is TokenKind.Assign or TokenKind.Exchange or TokenKind.LeftBracket ? ParseAssignment() : ParseVerb();
    }

    private ActionNode? ParseVerb() => lexer.CurrentText switch
    {
        var verb when ActionCatalogue.IsOfOthers(verb, symbols.Version) => Reject("expecting action"),
        "next" when Take() => ParseNext(),
        "push" when Take() => ParseStackField(isPush: true),
        "pop" when Take() => ParseStackField(isPush: false),
        "output" => Simple(ActionKind.Output),
        "ip.ttl" when Take() => ParseDecrementTtl(),
        "ct_next" when Take() => ParseCtNext(),
        "ct_commit" when Take() => ParseCtCommit(),
        "ct_commit_to_zone" when Take() => ParseCtZone(ActionKind.CtCommitToZone),
        "ct_dnat" when Take() => ParseCtNat(ActionKind.CtDnat),
        "ct_snat" when Take() => ParseCtNat(ActionKind.CtSnat),
        "ct_dnat_in_czone" when Take() => ParseCtNat(ActionKind.CtDnatInCommonZone),
        "ct_snat_in_czone" when Take() => ParseCtNat(ActionKind.CtSnatInCommonZone),
        "ct_lb" when Take() => ParseCtLoadBalance(ActionKind.CtLb),
        "ct_lb_mark" when Take() => ParseCtLoadBalance(ActionKind.CtLbMark),
        "ct_lb_mark_local" when Take() => ParseCtLoadBalance(ActionKind.CtLbMarkLocal),
        "ct_clear" => Simple(ActionKind.CtClear),
        "ct_commit_nat" when Take() => ParseCtZone(ActionKind.CtCommitNat),
        "clone" when Take() => ParseNested(ActionKind.Clone, prerequisite: null, WriteScope.Ordinary),
        "arp" when Take() => ParseNested(ActionKind.Arp, IsFrom(LanguageVersion.Ovn2503) ? "ip" : "ip4"),
        "icmp4" when Take() => ParseNested(ActionKind.Icmp4, "ip4"),
        "icmp4_error" when Take() => ParseNested(ActionKind.Icmp4Error, "ip4"),
        "icmp6" when Take() => ParseNested(ActionKind.Icmp6, "ip6"),
        "icmp6_error" when Take() => ParseNested(ActionKind.Icmp6Error, "ip6"),
        "igmp" => Simple(ActionKind.Igmp),
        "tcp_reset" when Take() => ParseNested(ActionKind.TcpReset, "tcp"),
        "sctp_abort" when Take() => ParseNested(ActionKind.SctpAbort, "sctp"),
        "nd_na" when Take() => ParseNested(ActionKind.NdNa, "nd_ns"),
        "nd_na_router" when Take() => ParseNested(ActionKind.NdNaRouter, "nd_ns"),
        "nd_ns" when Take() => ParseNested(ActionKind.NdNs, IsFrom(LanguageVersion.Ovn2503) ? "ip" : "ip6"),
        "get_arp" when Take() => ParseGetBinding(ActionKind.GetArp, 32),
        "put_arp" when Take() => ParsePutBinding(ActionKind.PutArp, 32),
        "get_nd" when Take() => ParseGetBinding(ActionKind.GetNd, 128),
        "put_nd" when Take() => ParsePutBinding(ActionKind.PutNd, 128),
        "set_queue" when Take() => ParseSetQueue(),
        "log" when Take() => ParseLog(),
        "set_meter" when Take() => ParseSetMeter(),
        "trigger_event" when Take() => ParseTriggerEvent(),
        "bind_vport" when Take() => ParseBindVport(),
        "handle_svc_check" when Take() => ParseHandleSvcCheck(),
        "fwd_group" when Take() => ParseFwdGroup(),
        "handle_dhcpv6_reply" => Simple(ActionKind.HandleDhcpv6Reply),
        "handle_bfd_msg" when Take() => ParseHandleBfdMsg(),
        "reject" when Take() => ParseNested(ActionKind.Reject, prerequisite: null),
        "ct_snat_to_vip" => Simple(ActionKind.CtSnatToVip),
        "put_fdb" when Take() => ParsePutFdb(),
        "commit_ecmp_nh" when Take() => ParseCommitEcmpNh(),
        "commit_lb_aff" when Take() => ParseCommitLbAff(),
        "sample" when Take() => ParseSample(),
        "mac_cache_use" => Simple(ActionKind.MacCacheUse),
        "flood_remote" => Simple(ActionKind.FloodRemote),
        "mirror" when Take() => ParseMirror(),
        _ => Reject("expecting action"),
    };

    private bool IsFrom(LanguageVersion first) => symbols.Version.IsFrom(first);

    private bool Knows(ActionKind kind) => ActionCatalogue.Of(kind).IsIn(symbols.Version);

    // Always true: skips the verb once it is known.
    private bool Take()
    {
        lexer.Advance();
        return true;
    }

    private ActionNode.Simple Simple(ActionKind kind)
    {
        lexer.Advance();
        return new ActionNode.Simple(kind);
    }

    /// <summary>Reports a syntax error at the current token; the null is for callers to return.</summary>
    private ActionNode? Reject(string? expectation)
    {
        lexer.SyntaxError(expectation);
        return null;
    }

    private ActionNode? Fail(string message)
    {
        lexer.Fail(message);
        return null;
    }

    private bool Match(TokenKind kind) => lexer.Match(kind);

    private bool Force(TokenKind kind) => lexer.ForceMatch(kind);

    private bool HasNextTable(string verb)
    {
        if (context.Table < context.TablesOf(context.Pipeline))
        {
            return true;
        }

        lexer.Fail($"\"{verb}\" action not allowed in last table.");
        return false;
    }

    private void Require(string predicate)
    {
        var field = symbols[predicate];
        Prerequisites = ExprLists.And(Prerequisites, new Expr.Compare(field, Relop.Equal, Value: 1, Mask: 1));
    }

    /// <summary>Parses a field and adds its prerequisites, without a check of its type.</summary>
    private FieldSlice? ParseAnyField()
    {
        if (_operands.ParseField() is not { } slice)
        {
            return null;
        }

        if (slice.Field.IsPredicate)
        {
            lexer.Fail($"Predicate symbol {slice.Field.Name} used where lvalue required.");
            return null;
        }

        for (var field = slice.Field; field is not null; field = field.Parent?.Field)
        {
            Prerequisites = ExprLists.And(Prerequisites, field.Prerequisite);
        }

        return slice;
    }

    /// <summary>Parses a field of a width, 0 for a string field, that is only read.</summary>
    private FieldSlice? ParseField(int width) =>
        ParseAnyField() is { } slice && CheckType(slice, width, isWritten: false) ? slice : null;

    private bool CheckType(FieldSlice slice, int width, bool isWritten)
    {
        var name = slice.Field.Name;
        var error = (width, slice.Width) switch
        {
            _ when width == slice.Width =>
                isWritten && (slice.Field.Write & _scope) == WriteScope.None ? $"Field {name} is not modifiable." : null,
            (not 0, not 0) =>
                $"Cannot use {slice.Width}-bit field {name}[{slice.Offset}..{slice.Offset + slice.Width - 1}] where {width}-bit field is required.",
            (not 0, _) => $"Cannot use string field {name} where numeric field is required.",
            _ => $"Cannot use numeric field {name} where string field is required.",
        };
        if (error is not null)
        {
            lexer.Fail(error);
        }

        return error is null;
    }

    private bool ParsePort(string what, out ushort value)
    {
        value = 0;
        if (!lexer.IsSmallNumber || lexer.Current.Number.Value > ushort.MaxValue)
        {
            lexer.SyntaxError($"expecting {what}");
            return false;
        }

        value = (ushort)lexer.Current.Number.Value;
        lexer.Advance();
        return true;
    }

    private bool IsNumber(ConstantFormat format) => lexer.Current is { Kind: TokenKind.Number } token && token.Number.Format == format;

    private static IpAddress Address(Constant constant) => new(constant.Value, constant.Format == ConstantFormat.Ipv6);

    private ActionNode.Nested? ParseNested(ActionKind kind, string? prerequisite) => ParseNested(kind, prerequisite, _scope);

    private ActionNode.Nested? ParseNested(ActionKind kind, string? prerequisite, WriteScope scope)
    {
        if (!Force(TokenKind.LeftBrace))
        {
            return null;
        }

        if (_depth + 1 == DeepestNesting)
        {
            lexer.Fail("maximum depth of nested actions reached");
            return null;
        }

        var (outerScope, outerPrerequisites) = (_scope, Prerequisites);
        (_scope, Prerequisites) = (scope, null);
        _depth++;
        var actions = ParseList(TokenKind.RightBrace);
        _depth--;
        _scope = outerScope;

        // The packet that "arp" and the like make is another one: what its actions need says nothing about this one.
        if (prerequisite is null)
        {
            Prerequisites = ExprLists.And(Prerequisites, outerPrerequisites);
        }
        else
        {
            Prerequisites = outerPrerequisites;
            Require(prerequisite);
        }

        return new ActionNode.Nested(kind, [.. actions]);
    }
}
