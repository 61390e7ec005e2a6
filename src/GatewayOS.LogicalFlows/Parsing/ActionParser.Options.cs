using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Actions with lists of <c>name = value</c>: DHCP, router advertisements, events.</summary>
internal sealed partial class ActionParser
{
    private const string EmptyBackendsEvent = "empty_lb_backends";

    private ActionNode? ParsePutOptions(
        ActionKind kind, FieldSlice destination, IReadOnlyDictionary<string, ActionOptionType> known, string family)
    {
        lexer.Advance();
        lexer.Advance();
        if (!CheckType(destination, 1, isWritten: true) || ParseOptions(known, family) is not { } options)
        {
            return null;
        }

        if (kind == ActionKind.PutDhcpOpts && !options.Exists(option => option.Name == "offerip"))
        {
            return Fail("put_dhcp_opts requires offerip to be specified.");
        }

        if (kind == ActionKind.PutNdRaOpts)
        {
            if (ActionOptions.CheckRouterAdvertisement(options) is { } error)
            {
                return Fail(error);
            }

            Require("ip6");
        }

        return new ActionNode.PutOptions(kind, destination, Canonical(options));
    }

    private ActionNode? ParseTriggerEvent()
    {
        if (!Force(TokenKind.LeftParenthesis))
        {
            return null;
        }

        if (!lexer.MatchIdentifier("event"))
        {
            return Reject("Expecting 'event' option");
        }

        if (!Force(TokenKind.Assign))
        {
            return null;
        }

        if (!lexer.Is(TokenKind.QuotedText) || ByteLength(lexer.Current.Text!) >= 64)
        {
            return Reject("Expecting string");
        }

        if (lexer.Current.Text != EmptyBackendsEvent)
        {
            return Reject("Unknown event '-1'");
        }

        lexer.Advance();
        Match(TokenKind.Comma);
        if (ParseOptions(ActionOptions.EmptyBackends, EmptyBackendsEvent) is not { } options)
        {
            return null;
        }

        return ActionOptions.CheckEmptyBackends(options) is { } error
            ? Fail(error)
            : new ActionNode.TriggerEvent(EmptyBackendsEvent, Canonical(options));
    }

    private List<ActionOption>? ParseOptions(IReadOnlyDictionary<string, ActionOptionType> known, string family)
    {
        var options = new List<ActionOption>();
        while (!Match(TokenKind.RightParenthesis))
        {
            if (ParseOption(known, family) is not { } option)
            {
                return null;
            }

            options.Add(option);
            Match(TokenKind.Comma);
        }

        return options;
    }

    private ActionOption? ParseOption(IReadOnlyDictionary<string, ActionOptionType> known, string family)
    {
        var name = lexer.CurrentText.ToString();
        if (!lexer.Is(TokenKind.Identifier) || !known.TryGetValue(name, out var type))
        {
            Reject(lexer.Is(TokenKind.Identifier) ? $"expecting {family} option name" : null);
            return null;
        }

        lexer.Advance();
        if (!Force(TokenKind.Assign) || _operands.ParseValues() is not { } values)
        {
            return null;
        }

        if (type != ActionOptionType.Either && values.IsText != (type == ActionOptionType.Text))
        {
            Fail($"{family} option {name} requires {(type == ActionOptionType.Text ? "string" : "numeric")} value.");
            return null;
        }

        return new ActionOption(name, [.. values.Items], values.InBraces);
    }

    // Only behind the checks, which tell 0x0 from 0.
    private static EquatableArray<ActionOption> Canonical(List<ActionOption> options) => [.. options.Select(option => option.Canonical())];

    private static int ByteLength(string text) => System.Text.Encoding.UTF8.GetByteCount(text);
}
