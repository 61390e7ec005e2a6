namespace GatewayOS.LogicalFlows;

/// <summary><c>field = ...</c> and <c>field &lt;-&gt; field</c>.</summary>
internal sealed partial class ActionParser
{
    private ActionNode? ParseAssignment()
    {
        if (ParseAnyField() is not { } left)
        {
            return null;
        }

        if (Match(TokenKind.Exchange))
        {
            return ParseMove(left, isExchange: true);
        }

        if (!Match(TokenKind.Assign))
        {
            return Reject("expecting `=' or `<->'");
        }

        return !lexer.Is(TokenKind.Identifier) ? ParseLoad(left)
            : lexer.LookAhead() == TokenKind.LeftParenthesis ? ParseCall(left)

            // QUIRK(OVN): these two are taken for calls without a look at the parenthesis.
            : lexer.CurrentText is "dhcp_relay_req_chk" or "dhcp_relay_resp_chk" ? ParseCall(left)
            : ParseMove(left, isExchange: false);
    }

    private ActionNode? ParseCall(FieldSlice destination) => lexer.CurrentText switch
    {
        var verb when ActionCatalogue.IsOfOthers(verb, symbols.Version) => ParseMove(destination, isExchange: false),
        "select" => ParseSelect(destination),
        "put_dhcp_opts" => ParsePutOptions(ActionKind.PutDhcpOpts, destination, ActionOptions.Dhcpv4, "DHCPv4"),
        "put_dhcpv6_opts" => ParsePutOptions(ActionKind.PutDhcpv6Opts, destination, ActionOptions.Dhcpv6, "DHCPv6"),
        "dns_lookup" => ParseResult(ActionKind.DnsLookup, destination, 1),
        "put_nd_ra_opts" => ParsePutOptions(ActionKind.PutNdRaOpts, destination, ActionOptions.RouterAdvertisement, "IPv6 ND RA"),
        "check_pkt_larger" => ParseCheckPktLarger(destination),
        "lookup_arp" => ParseLookupBinding(ActionKind.LookupArp, destination, 32),
        "lookup_nd" => ParseLookupBinding(ActionKind.LookupNd, destination, 128),
        "lookup_arp_ip" => ParseLookupBindingIp(ActionKind.LookupArpIp, destination, 32),
        "lookup_nd_ip" => ParseLookupBindingIp(ActionKind.LookupNdIp, destination, 128),
        "chk_evpn_arp" => ParseChkEvpnArp(destination),
        "chk_lb_hairpin" => ParseResult(ActionKind.ChkLbHairpin, destination, 1),
        "chk_lb_hairpin_reply" => ParseResult(ActionKind.ChkLbHairpinReply, destination, 1),
        "get_fdb" => ParseGetFdb(ActionKind.GetFdb, destination),
        "get_remote_fdb" => ParseGetFdb(ActionKind.GetRemoteFdb, destination),
        "lookup_fdb" => ParseLookupFdb(destination),
        "check_in_port_sec" => ParseResult(ActionKind.CheckInPortSec, destination, 1),
        "check_out_port_sec" => ParseResult(ActionKind.CheckOutPortSec, destination, 1),
        "chk_ecmp_nh_mac" => ParseResult(ActionKind.ChkEcmpNhMac, destination, 1),
        "chk_ecmp_nh" => ParseResult(ActionKind.ChkEcmpNh, destination, 1),
        "chk_lb_aff" => ParseResult(ActionKind.ChkLbAff, destination, 1),
        "dhcp_relay_req_chk" => ParseDhcpRelay(ActionKind.DhcpRelayReqChk, destination),
        "dhcp_relay_resp_chk" => ParseDhcpRelay(ActionKind.DhcpRelayRespChk, destination),
        "ct_nw_dst" => ParseResult(ActionKind.CtNwDst, destination, 32),
        "ct_ip6_dst" => ParseResult(ActionKind.CtIp6Dst, destination, 128),
        "ct_tp_dst" => ParseResult(ActionKind.CtTpDst, destination, 16),
        "ct_proto" => ParseResult(ActionKind.CtProto, destination, 8),
        "ct_state_save" => ParseResult(ActionKind.CtStateSave, destination, 8),
        _ => ParseMove(destination, isExchange: false),
    };

    private ActionNode? ParseLoad(FieldSlice destination)
    {
        var values = new ValueSet();
        if (!CheckType(destination, destination.Width, isWritten: true) || !_operands.ParseConstant(values))
        {
            return null;
        }

        if (Comparison.CheckTypes(destination.Field, values) is { } error)
        {
            return Fail(error);
        }

        return values.Items[0] switch
        {
            SetItem.Text text => new ActionNode.LoadString(destination, text.Value),
            SetItem.Number number => new ActionNode.Load(destination, InFormOf(destination.Field, number.Value)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    // Controller fields take no mask and are always written in the same form. QUIRK(OVN): of an MTU it takes 16 bits, though icmp6.frag_mtu has 32.
    private static Constant InFormOf(Field field, Constant constant) =>
        !field.IsControllerField ? constant.Canonical()
        : field.Name == "icmp4.inner_ip4.src" ? new Constant(constant.Value, ConstantFormat.Ipv4)
        : new Constant((ushort)constant.Value, ConstantFormat.Dec);

    private ActionNode? ParseMove(FieldSlice left, bool isExchange)
    {
        if (ParseAnyField() is not { } right)
        {
            return null;
        }

        if (left.Field.IsString != right.Field.IsString)
        {
            return Fail(isExchange
                ? $"Can't exchange {TypeOf(left)} field ({left.Field.Name}) with {TypeOf(right)} field ({right.Field.Name})."
                : $"Can't assign {TypeOf(right)} field ({right.Field.Name}) to {TypeOf(left)} field ({left.Field.Name}).");
        }

        if (left.Width != right.Width)
        {
            return Fail(isExchange
                ? $"Can't exchange {left.Width}-bit field with {right.Width}-bit field."
                : $"Can't assign {right.Width}-bit value to {left.Width}-bit destination.");
        }

        return !CheckType(left, left.Width, isWritten: true) || !CheckType(right, right.Width, isWritten: isExchange) ? null
            : isExchange ? new ActionNode.Exchange(left, right)
            : new ActionNode.Move(left, right);

        static string TypeOf(FieldSlice slice) => slice.Field.IsString ? "string" : "integer";
    }
}
