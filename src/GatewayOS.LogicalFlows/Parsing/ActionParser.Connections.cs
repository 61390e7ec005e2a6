using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Actions on connections.</summary>
internal sealed partial class ActionParser
{
    private ActionNode? ParseCtNext()
    {
        if (!HasNextTable("ct_next"))
        {
            return null;
        }

        Require("ip");
        return IsFrom(LanguageVersion.Ovn2503) && Match(TokenKind.LeftParenthesis)
            ? ParseZone(ActionKind.CtNext, "\"ct_next\" action accepts only \"dnat\" or \"snat\" parameter.")
            : new ActionNode.CtZone(ActionKind.CtNext, NatZone.Dnat);
    }

    private ActionNode? ParseCtZone(ActionKind kind)
    {
        var verb = ActionCatalogue.Of(kind).Verb;
        Require("ip");
        if (!HasNextTable(IsFrom(LanguageVersion.Ovn2403) ? verb : "ct_commit_related"))
        {
            return null;
        }

        var hasZone = kind == ActionKind.CtCommitToZone
            ? Force(TokenKind.LeftParenthesis)
            : IsFrom(LanguageVersion.Ovn2403) && Match(TokenKind.LeftParenthesis);
        return hasZone ? ParseZone(kind, $"\"{verb}\" action accepts only \"dnat\" or \"snat\" parameter.")
            : Failed ? null
            : new ActionNode.CtZone(kind, NatZone.Dnat);
    }

    private ActionNode? ParseZone(ActionKind kind, string complaint)
    {
        NatZone? zone = lexer.MatchIdentifier("dnat") ? NatZone.Dnat : lexer.MatchIdentifier("snat") ? NatZone.Snat : null;
        return zone is null ? Fail(complaint)
            : Force(TokenKind.RightParenthesis) ? new ActionNode.CtZone(kind, zone.Value)
            : null;
    }

    private ActionNode? ParseCtCommit()
    {
        switch (lexer.Current.Kind)
        {
            case TokenKind.LeftBrace:
                return ParseNested(ActionKind.CtCommit, "ip", WriteScope.CtCommit);
            case TokenKind.LeftParenthesis when Knows(ActionKind.CtCommitLegacy):
                return ParseCtCommitLegacy();
            default:
                Require("ip");
                return new ActionNode.Nested(ActionKind.CtCommit, []);
        }
    }

    private ActionNode? ParseCtCommitLegacy()
    {
        Require("ip");
        var commit = new ActionNode.CtCommitLegacy(0, 0, 0, 0);
        lexer.Advance();
        while (!Match(TokenKind.RightParenthesis))
        {
            var isMark = lexer.MatchIdentifier("ct_mark");
            if (!isMark && !lexer.MatchIdentifier("ct_label"))
            {
                return Reject(expectation: null);
            }

            if (!Force(TokenKind.Assign))
            {
                return null;
            }

            var (kind, number) = (lexer.Current.Kind, lexer.Current.Number);
            if (kind is not (TokenKind.Number or TokenKind.MaskedNumber))
            {
                return Reject("expecting integer");
            }

            var mask = number.Mask ?? UInt128.MaxValue;
            commit = isMark
                ? commit with { Mark = (uint)number.Value, MarkMask = (uint)mask }
                : commit with { Label = number.Value, LabelMask = mask };
            lexer.Advance();
            Match(TokenKind.Comma);
        }

        return commit;
    }

    private ActionNode? ParseCtNat(ActionKind kind)
    {
        Require("ip");
        if (!HasNextTable(ActionCatalogue.Of(kind).Verb))
        {
            return null;
        }

        if (!Match(TokenKind.LeftParenthesis))
        {
            return new ActionNode.CtNat(kind, Target: null);
        }

        if (!IsNumber(ConstantFormat.Ipv4) && !IsNumber(ConstantFormat.Ipv6))
        {
            return Reject("expecting IPv4 or IPv6 address");
        }

        var target = new NatTarget(Address(lexer.Current.Number));
        lexer.Advance();
        if (Match(TokenKind.Comma))
        {
            if (!ParsePortRange(out var low, out var high))
            {
                return null;
            }

            target = target with { HasPorts = true, PortLow = low, PortHigh = high };
        }

        return Force(TokenKind.RightParenthesis) ? new ActionNode.CtNat(kind, target) : null;
    }

    // QUIRK(OVN): only the low 16 bits of the ports count, and the upper port may have any form.
    private bool ParsePortRange(out ushort low, out ushort high)
    {
        (low, high) = (0, 0);
        if (!IsNumber(ConstantFormat.Dec))
        {
            lexer.SyntaxError("expecting Integer for port range");
            return false;
        }

        low = (ushort)lexer.Current.Number.Value;
        if (low == 0)
        {
            lexer.SyntaxError("range can't be 0");
            return false;
        }

        lexer.Advance();
        if (!Match(TokenKind.Hyphen))
        {
            return true;
        }

        if (!lexer.Is(TokenKind.Number))
        {
            lexer.SyntaxError("expecting Integer for port range");
            return false;
        }

        high = (ushort)lexer.Current.Number.Value;
        if (high <= low)
        {
            lexer.SyntaxError("range high should be greater than range low");
            return false;
        }

        lexer.Advance();
        return true;
    }

    private ActionNode? ParseCtLoadBalance(ActionKind kind)
    {
        if (!HasNextTable(IsFrom(LanguageVersion.Newest) ? "ct_lb_*" : "ct_lb"))
        {
            return null;
        }

        Require("ip");
        var balance = new ActionNode.CtLoadBalance(kind, Backends: [], HashFields: null, SnatMark.None);
        if (!Match(TokenKind.LeftParenthesis) || Match(TokenKind.RightParenthesis))
        {
            return balance;
        }

        if (!lexer.MatchIdentifier("backends"))
        {
            return Reject("expecting backends");
        }

        if (!Force(TokenKind.Assign))
        {
            return null;
        }

        var backends = new List<LoadBalancerBackend>();
        while (!Match(TokenKind.Semicolon) && !Match(TokenKind.RightParenthesis))
        {
            if (ParseBackend(kind) is not { } backend)
            {
                return null;
            }

            backends.Add(backend);
            Match(TokenKind.Comma);
        }

        return ParseBalancing(balance with { Backends = [.. backends] });
    }

    // QUIRK(OVN): the token after each of these is skipped whatever it is; it should be a closing parenthesis.
    private ActionNode? ParseBalancing(ActionNode.CtLoadBalance balance)
    {
        if (lexer.MatchIdentifier("hash_fields"))
        {
            if (!Match(TokenKind.Assign) || !lexer.Is(TokenKind.QuotedText))
            {
                return Reject("invalid hash_fields");
            }

            balance = balance with { HashFields = lexer.Current.Text };
            lexer.Advance();
            if (!Match(TokenKind.Semicolon))
            {
                lexer.Advance();
            }
        }

        var flag = lexer.MatchIdentifier("skip_snat") ? SnatMark.Skip : lexer.MatchIdentifier("force_snat") ? SnatMark.Force : SnatMark.None;
        if (flag != SnatMark.None)
        {
            lexer.Advance();
        }

        // Without backends it is "translate as the connection says", and nothing else matters.
        return balance.Backends.Count == 0 ? balance with { HashFields = null } : balance with { Flag = flag };
    }

    private LoadBalancerBackend? ParseBackend(ActionKind kind)
    {
        string? logicalPort = null;
        if (kind == ActionKind.CtLbMarkLocal)
        {
            logicalPort = lexer.Current.Text;
            if (!lexer.Is(TokenKind.QuotedText))
            {
                Reject("expecting logical port name for distributed load balancer");
                return null;
            }

            lexer.Advance();
            if (!Force(TokenKind.Colon))
            {
                return null;
            }
        }

        var inBrackets = Match(TokenKind.LeftBracket);
        if (!IsNumber(ConstantFormat.Ipv6) && (inBrackets || !IsNumber(ConstantFormat.Ipv4)))
        {
            Reject(inBrackets ? "expecting IPv6 address" : "expecting IP address");
            return null;
        }

        var address = Address(lexer.Current.Number);
        lexer.Advance();
        if (inBrackets && !Match(TokenKind.RightBracket))
        {
            Reject("no closing square bracket");
            return null;
        }

        if (!Match(TokenKind.Colon))
        {
            return new LoadBalancerBackend(address, 0, logicalPort);
        }

        if (address.IsIpv6 && !inBrackets)
        {
            Reject("IPv6 address needs square brackets if port is included");
            return null;
        }

        return ParsePort("port number", out var port) ? new LoadBalancerBackend(address, port, logicalPort) : null;
    }

    private ActionNode.CommitEcmpNh? ParseCommitEcmpNh()
    {
        if (!Force(TokenKind.LeftParenthesis) || !ForceParameter("ipv6") || ParseTruth("expecting true or false") is not { } isIpv6
            || !Force(TokenKind.Comma) || !ForceParameter("proto") || ParseProtocol() is not { } protocol
            || !Force(TokenKind.RightParenthesis))
        {
            return null;
        }

        return new ActionNode.CommitEcmpNh(isIpv6, protocol);
    }

    private ActionNode.CommitLbAff? ParseCommitLbAff()
    {
        if (!Force(TokenKind.LeftParenthesis) || !ParseEndpoint("vip", out var vip, out var vipPort)
            || !ParseEndpoint("backend", out var backend, out var backendPort, vip.IsIpv6))
        {
            return null;
        }

        // QUIRK(OVN): an IPv4-mapped virtual address is one of IPv4, and so then is the backend; one that is not mapped becomes 0.0.0.0.
        if (MappedIpv4(vip) is { } mapped)
        {
            (vip, backend) = (mapped, MappedIpv4(backend) ?? IpAddress.V4(0));
        }

        IpProtocol? protocol = null;
        if (vipPort != 0)
        {
            if (!ForceParameter("proto"))
            {
                return null;
            }

            protocol = ParseProtocol();
            if (protocol is null || !Force(TokenKind.Comma))
            {
                return null;
            }
        }

        return ForceParameter("timeout") && ParsePort("affinity timeout", out var timeout) && Force(TokenKind.RightParenthesis)
            ? new ActionNode.CommitLbAff(vip, vipPort, backend, backendPort, protocol, timeout)
            : null;
    }

    private static IpAddress? MappedIpv4(IpAddress address) =>
        address.IsIpv6 && address.Value >> 32 == 0xffff ? IpAddress.V4((uint)address.Value) : null;

    private bool ParseEndpoint(string name, out IpAddress address, out ushort port, bool? isIpv6 = null)
    {
        (address, port) = (default, 0);
        if (!ForceParameter(name))
        {
            return false;
        }

        if (!lexer.Is(TokenKind.QuotedText) || !EndpointText.TryParse(lexer.Current.Text!, out address, out port))
        {
            Reject("invalid parameter");
            return false;
        }

        if (isIpv6 is { } expected && expected != address.IsIpv6)
        {
            Reject("invalid protocol family");
            return false;
        }

        lexer.Advance();
        return Force(TokenKind.Comma);
    }

    private bool ForceParameter(string name)
    {
        if (lexer.MatchIdentifier(name))
        {
            return Force(TokenKind.Assign);
        }

        Reject("invalid parameter");
        return false;
    }

    private bool? ParseTruth(string complaint)
    {
        if (lexer.MatchQuotedText("true") || lexer.MatchIdentifier("true"))
        {
            return true;
        }

        if (lexer.MatchQuotedText("false") || lexer.MatchIdentifier("false"))
        {
            return false;
        }

        Reject(complaint);
        return null;
    }

    private IpProtocol? ParseProtocol()
    {
        IpProtocol? protocol = lexer.MatchIdentifier("tcp") ? IpProtocol.Tcp
            : lexer.MatchIdentifier("udp") ? IpProtocol.Udp
            : lexer.MatchIdentifier("sctp") ? IpProtocol.Sctp
            : null;
        if (protocol is null)
        {
            Reject("invalid protocol");
        }

        return protocol;
    }
}
