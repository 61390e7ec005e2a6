namespace GatewayOS.LogicalFlows;

/// <summary>Actions that read or fill tables: neighbours, MAC addresses, and results of one call.</summary>
internal sealed partial class ActionParser
{
    private ActionNode.GetBinding? ParseGetBinding(ActionKind kind, int width) =>
        Force(TokenKind.LeftParenthesis) && ParseField(0) is { } port
        && Force(TokenKind.Comma) && ParseField(width) is { } ip
        && Force(TokenKind.RightParenthesis)
            ? new ActionNode.GetBinding(kind, port, ip)
            : null;

    private ActionNode.PutBinding? ParsePutBinding(ActionKind kind, int width) =>
        Force(TokenKind.LeftParenthesis) && ParseField(0) is { } port
        && Force(TokenKind.Comma) && ParseField(width) is { } ip
        && Force(TokenKind.Comma) && ParseField(48) is { } mac
        && Force(TokenKind.RightParenthesis)
            ? new ActionNode.PutBinding(kind, port, ip, mac)
            : null;

    private ActionNode.LookupBinding? ParseLookupBinding(ActionKind kind, FieldSlice destination, int width) =>
        Open(destination, 1) && ParseField(0) is { } port
        && Force(TokenKind.Comma) && ParseField(width) is { } ip
        && Force(TokenKind.Comma) && ParseField(48) is { } mac
        && Force(TokenKind.RightParenthesis)
            ? new ActionNode.LookupBinding(kind, destination, port, ip, mac)
            : null;

    private ActionNode.LookupBindingIp? ParseLookupBindingIp(ActionKind kind, FieldSlice destination, int width) =>
        Open(destination, 1) && ParseField(0) is { } port
        && Force(TokenKind.Comma) && ParseField(width) is { } ip
        && Force(TokenKind.RightParenthesis)
            ? new ActionNode.LookupBindingIp(kind, destination, port, ip)
            : null;

    private ActionNode.PutFdb? ParsePutFdb() =>
        Force(TokenKind.LeftParenthesis) && ParseField(0) is { } port
        && Force(TokenKind.Comma) && ParseField(48) is { } mac
        && Force(TokenKind.RightParenthesis)
            ? new ActionNode.PutFdb(port, mac)
            : null;

    private ActionNode.GetFdb? ParseGetFdb(ActionKind kind, FieldSlice destination)
    {
        // Skip the verb and the parenthesis. A port field need not be writable.
        lexer.Advance();
        lexer.Advance();
        return (destination.Field.IsString || CheckType(destination, 32, isWritten: true))
            && ParseField(48) is { } mac && Force(TokenKind.RightParenthesis)
                ? new ActionNode.GetFdb(kind, destination, mac)
                : null;
    }

    private ActionNode.LookupFdb? ParseLookupFdb(FieldSlice destination)
    {
        lexer.Advance();
        lexer.Advance();
        return CheckType(destination, 1, isWritten: true) && ParseField(0) is { } port
            && Force(TokenKind.Comma) && ParseField(48) is { } mac
            && Force(TokenKind.RightParenthesis)
                ? new ActionNode.LookupFdb(destination, port, mac)
                : null;
    }

    private ActionNode? ParseChkEvpnArp(FieldSlice destination)
    {
        if (!Open(destination, 1) || ParseAnyField() is not { } ip)
        {
            return null;
        }

        // QUIRK(OVN): a port name passes too, since its register has 32 bits.
        if (!ip.Field.IsString && ip.Width is not (32 or 128))
        {
            return Fail("chk_evpn_arp requires a 32-bit or 128-bit IP field");
        }

        return Force(TokenKind.RightParenthesis) ? new ActionNode.ChkEvpnArp(destination, ip) : null;
    }

    private ActionNode? ParseResult(ActionKind kind, FieldSlice destination, int width)
    {
        var verb = ActionCatalogue.Of(kind).Verb;
        lexer.Advance();
        lexer.Advance();
        if (!Match(TokenKind.RightParenthesis))
        {
            return Fail($"{verb} doesn't take any parameters");
        }

        if (!CheckType(destination, width, isWritten: true))
        {
            return null;
        }

        if (kind == ActionKind.DnsLookup)
        {
            Require("udp");
        }

        return new ActionNode.Result(kind, destination);
    }

    private ActionNode? ParseSelect(FieldSlice destination)
    {
        if (!CheckType(destination, destination.Width, isWritten: true))
        {
            return null;
        }

        if (destination.Width < 16)
        {
            return Fail($"cannot use {destination.Width}-bit field {destination.Field.Name}[{destination.Offset}.."
                + $"{destination.Offset + destination.Width - 1}] for \"select\", which requires at least 16 bits.");
        }

        if (!HasNextTable("select"))
        {
            return null;
        }

        lexer.Advance();
        lexer.Advance();
        var withHashFields = IsFrom(LanguageVersion.Ovn2503) && lexer.MatchIdentifier("values");
        if (withHashFields && (!Force(TokenKind.Assign) || !Force(TokenKind.LeftParenthesis)))
        {
            return null;
        }

        if (ParseMembers() is not { } members)
        {
            return null;
        }

        if (members.Count <= 1)
        {
            return Reject("expecting at least 2 group members");
        }

        string? hashFields = null;
        if (withHashFields)
        {
            hashFields = ParseHashFields();
            if (hashFields is null)
            {
                return null;
            }
        }

        return new ActionNode.Select(destination, [.. members], hashFields);
    }

    private List<SelectMember>? ParseMembers()
    {
        const ushort DefaultWeight = 100;
        var members = new List<SelectMember>();
        while (!Match(TokenKind.RightParenthesis))
        {
            if (!ParsePort("id", out var id))
            {
                return null;
            }

            var weight = DefaultWeight;
            if (Match(TokenKind.Assign))
            {
                if (!ParsePort("weight", out weight))
                {
                    return null;
                }

                if (weight == 0)
                {
                    Reject("weight can't be 0");
                    return null;
                }
            }

            Match(TokenKind.Comma);
            members.Add(new SelectMember(id, weight));
        }

        return members;
    }

    private string? ParseHashFields()
    {
        if (!Force(TokenKind.Semicolon))
        {
            return null;
        }

        if (!lexer.MatchIdentifier("hash_fields"))
        {
            Reject("expecting hash_fields");
            return null;
        }

        if (!Match(TokenKind.Assign) || !lexer.Is(TokenKind.QuotedText) || lexer.LookAhead() != TokenKind.RightParenthesis)
        {
            Reject("invalid hash_fields");
            return null;
        }

        var fields = lexer.Current.Text;
        lexer.Advance();
        lexer.Advance();
        return fields;
    }

    private ActionNode.CheckPktLarger? ParseCheckPktLarger(FieldSlice destination)
    {
        if (!Open(destination, 1))
        {
            return null;
        }

        // QUIRK(OVN): a missing number is no error of its own; what follows is expected to end the action.
        if (!lexer.TryGetSmallNumber(out var length))
        {
            return lexer.Is(TokenKind.Semicolon) ? RejectLength() : null;
        }

        if (!Force(TokenKind.RightParenthesis))
        {
            return null;
        }

        // QUIRK(OVN): only the low 16 bits count.
        return new ActionNode.CheckPktLarger(destination, (ushort)length);
    }

    // OVN would accept this and then crash.
    private ActionNode.CheckPktLarger? RejectLength()
    {
        lexer.SyntaxError("expecting small integer");
        return null;
    }

    private ActionNode? ParseDhcpRelay(ActionKind kind, FieldSlice destination)
    {
        lexer.Advance();
        if (!Force(TokenKind.LeftParenthesis) || !CheckType(destination, 1, isWritten: true))
        {
            return null;
        }

        if (!IsIpv4)
        {
            return Reject("expecting IPv4 dhcp relay and server ips");
        }

        var relay = Address(lexer.Current.Number);
        lexer.Advance();
        Match(TokenKind.Comma);

        // QUIRK(OVN): anything but a number of another form passes for the second address, and stands for the first.
        var isNumber = lexer.Current.Kind is TokenKind.Number or TokenKind.MaskedNumber;
        if (isNumber && !IsIpv4)
        {
            return Reject("expecting IPv4 dhcp server ip");
        }

        var server = isNumber ? Address(lexer.Current.Number) : relay;
        lexer.Advance();
        return Force(TokenKind.RightParenthesis) ? new ActionNode.DhcpRelay(kind, destination, relay, server) : null;
    }

    // QUIRK(OVN): a mask is allowed and forgotten.
    private bool IsIpv4 =>
        lexer.Current is { Kind: TokenKind.Number or TokenKind.MaskedNumber, Number.Format: ConstantFormat.Ipv4 };

    /// <summary>Checks the destination, then skips the verb and takes the opening parenthesis.</summary>
    private bool Open(FieldSlice destination, int width)
    {
        if (!CheckType(destination, width, isWritten: true))
        {
            return false;
        }

        lexer.Advance();
        return Force(TokenKind.LeftParenthesis);
    }
}
