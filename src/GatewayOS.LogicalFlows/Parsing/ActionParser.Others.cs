namespace GatewayOS.LogicalFlows;

/// <summary>Control flow, the stack, and actions of a kind of their own.</summary>
internal sealed partial class ActionParser
{
    private ActionNode? ParseNext()
    {
        if (context.TablesOf(context.Pipeline) == 0)
        {
            return Fail("\"next\" action not allowed here.");
        }

        var (pipeline, table) = (context.Pipeline, context.Table + 1);
        if (Match(TokenKind.LeftParenthesis))
        {
            if (lexer.IsSmallNumber)
            {
                lexer.TryGetSmallNumber(out table);
            }
            else if (!ParseTarget(ref pipeline, ref table))
            {
                return null;
            }

            if (!Force(TokenKind.RightParenthesis))
            {
                return null;
            }
        }

        // The newest OVN names the first table that does not exist, older ones the last that does.
        var tables = context.TablesOf(pipeline);
        return table >= tables
            ? Fail($"\"next\" action cannot advance beyond table {(IsFrom(LanguageVersion.Ovn2509) ? tables : tables - 1)}.")
            : new ActionNode.Next(pipeline, table);
    }

    private bool ParseTarget(ref Pipeline pipeline, ref int table)
    {
        do
        {
            if (lexer.MatchIdentifier("pipeline"))
            {
                if (!Force(TokenKind.Assign))
                {
                    return false;
                }

                var isIngress = lexer.MatchIdentifier("ingress");
                if (!isIngress && !lexer.MatchIdentifier("egress"))
                {
                    Reject("expecting \"ingress\" or \"egress\"");
                    return false;
                }

                pipeline = isIngress ? Pipeline.Ingress : Pipeline.Egress;
            }
            else if (lexer.MatchIdentifier("table"))
            {
                if (!Force(TokenKind.Assign) || !lexer.ForceSmallNumber(out table))
                {
                    return false;
                }
            }
            else
            {
                Reject("expecting \"pipeline\" or \"table\"");
                return false;
            }
        }
        while (Match(TokenKind.Comma));

        return true;
    }

    private ActionNode? ParseStackField(bool isPush)
    {
        if (!Force(TokenKind.LeftParenthesis) || ParseAnyField() is not { } slice
            || !CheckType(slice, slice.Width, isWritten: !isPush) || !Force(TokenKind.RightParenthesis))
        {
            return null;
        }

        return isPush ? new ActionNode.Push(slice) : new ActionNode.Pop(slice);
    }

    private ActionNode.Simple? ParseDecrementTtl()
    {
        if (!Force(TokenKind.Decrement))
        {
            return null;
        }

        Require("ip");
        return new ActionNode.Simple(ActionKind.DecrementTtl);
    }

    private ActionNode? ParseSetQueue()
    {
        const int LastQueue = 0xf000;

        // QUIRK(OVN): a missing number is no error of its own; what follows is expected to end the action.
        if (!Force(TokenKind.LeftParenthesis) || !lexer.TryGetSmallNumber(out var queue) || !Force(TokenKind.RightParenthesis))
        {
            return null;
        }

        return queue > LastQueue
            ? Fail($"Queue ID {queue} for set_queue is not in valid range 0 to {LastQueue}.")
            : new ActionNode.SetQueueId(queue);
    }

    private ActionNode? ParseSetMeter()
    {
        if (!Force(TokenKind.LeftParenthesis))
        {
            return null;
        }

        // QUIRK(OVN): anything that is no decimal number counts as 0.
        var rate = TakeDecimal();
        var burst = Match(TokenKind.Comma) ? TakeDecimal() : 0;
        return !Force(TokenKind.RightParenthesis) ? null
            : rate == 0 ? Fail("Rate 0 for set_meter is not in valid.")
            : new ActionNode.SetMeter(rate, burst);
    }

    private ulong TakeDecimal()
    {
        var value = IsNumber(ConstantFormat.Dec) ? (ulong)lexer.Current.Number.Value : 0;
        lexer.Advance();
        return value;
    }

    private ActionNode? ParseLog()
    {
        LogVerdict? verdict = null;
        var severity = LogSeverity.Info;
        string? name = null;
        string? meter = null;
        if (Match(TokenKind.LeftParenthesis))
        {
            while (!Match(TokenKind.RightParenthesis))
            {
                if (!ParseLogArgument(ref verdict, ref severity, ref name, ref meter))
                {
                    return null;
                }

                Match(TokenKind.Comma);
            }
        }

        return verdict is null ? Reject("expecting verdict") : new ActionNode.Log(name, verdict.Value, severity, meter);
    }

    private bool ParseLogArgument(ref LogVerdict? verdict, ref LogSeverity severity, ref string? name, ref string? meter)
    {
        const int LongestName = 63;
        var argument = lexer.CurrentText.ToString();
        if (!lexer.Is(TokenKind.Identifier) || argument is not ("verdict" or "name" or "severity" or "meter"))
        {
            lexer.SyntaxError();
            return false;
        }

        lexer.Advance();
        if (!Force(TokenKind.Assign))
        {
            return false;
        }

        var isText = lexer.Is(TokenKind.QuotedText);
        var isIdentifier = lexer.Is(TokenKind.Identifier);
        string? complaint = null;
        switch (argument)
        {
            case "verdict":
                verdict = isIdentifier ? VerdictOf(lexer.CurrentText) : null;
                complaint = verdict is null ? "unknown verdict" : null;
                break;
            case "severity":
                var known = SeverityOf(lexer.CurrentText);
                complaint = !isIdentifier ? "expecting severity" : known is null ? "unknown severity" : null;
                severity = known ?? severity;
                break;
            case "name":
                complaint = !isText ? "expecting string"
                    : ByteLength(lexer.Current.Text!) > LongestName ? "name must be shorter than 64 characters"
                    : null;
                name = lexer.Current.Text;
                break;
            default:
                complaint = isText ? null : "expecting string";
                meter = lexer.Current.Text;
                break;
        }

        if (complaint is not null)
        {
            lexer.SyntaxError(complaint);
            return false;
        }

        lexer.Advance();
        return true;
    }

    private LogVerdict? VerdictOf(ReadOnlySpan<char> text) => text switch
    {
        "allow" => LogVerdict.Allow,
        "drop" => LogVerdict.Drop,
        "reject" => LogVerdict.Reject,
        "pass" when IsFrom(LanguageVersion.Ovn2409) => LogVerdict.Pass,
        _ => null,
    };

    private static LogSeverity? SeverityOf(ReadOnlySpan<char> text) => text switch
    {
        "alert" => LogSeverity.Alert,
        "warning" => LogSeverity.Warning,
        "notice" => LogSeverity.Notice,
        "info" => LogSeverity.Info,
        "debug" => LogSeverity.Debug,
        _ => null,
    };

    private ActionNode? ParseBindVport()
    {
        if (!Force(TokenKind.LeftParenthesis))
        {
            return null;
        }

        var port = lexer.Current;
        if (port.Kind != TokenKind.QuotedText)
        {
            return Reject("expecting port name string");
        }

        lexer.Advance();
        return Force(TokenKind.Comma) && ParseField(0) is { } parent && Force(TokenKind.RightParenthesis)
            ? new ActionNode.BindVport(port.Text!, parent)
            : null;
    }

    private ActionNode.HandleSvcCheck? ParseHandleSvcCheck() =>
        Force(TokenKind.LeftParenthesis) && ParseField(0) is { } port && Force(TokenKind.RightParenthesis)
            ? new ActionNode.HandleSvcCheck(port)
            : null;

    private ActionNode.Simple? ParseHandleBfdMsg() =>
        Force(TokenKind.LeftParenthesis) && Force(TokenKind.RightParenthesis)
            ? new ActionNode.Simple(ActionKind.HandleBfdMsg)
            : null;

    private ActionNode? ParseMirror()
    {
        if (!Force(TokenKind.LeftParenthesis))
        {
            return null;
        }

        var port = lexer.Current;
        if (port.Kind != TokenKind.QuotedText)
        {
            return Reject("expecting port name string");
        }

        lexer.Advance();
        return Force(TokenKind.RightParenthesis) ? new ActionNode.Mirror(port.Text!) : null;
    }

    private ActionNode.FwdGroup? ParseFwdGroup()
    {
        var ports = new List<string>();
        bool? liveness = false;
        if (Match(TokenKind.LeftParenthesis))
        {
            if (lexer.MatchIdentifier("liveness"))
            {
                if (!Force(TokenKind.Assign))
                {
                    return null;
                }

                liveness = ParseTruth("expecting true or false");
                if (liveness is null || !Force(TokenKind.Comma))
                {
                    return null;
                }
            }

            if (lexer.MatchIdentifier("childports") && (!Force(TokenKind.Assign) || !ParseChildPorts(ports)))
            {
                return null;
            }
        }

        return new ActionNode.FwdGroup(liveness.Value, [.. ports]);
    }

    private bool ParseChildPorts(List<string> ports)
    {
        while (!Match(TokenKind.RightParenthesis))
        {
            if (!lexer.Is(TokenKind.QuotedText))
            {
                lexer.SyntaxError("expecting logical switch port");
                return false;
            }

            ports.Add(lexer.Current.Text!);
            lexer.Advance();
            Match(TokenKind.Comma);
        }

        return true;
    }

    private ActionNode? ParseSample()
    {
        var sample = new ActionNode.Sample(0, 0, 0, UseCookie: false, PointField: null, 0);
        if (Match(TokenKind.LeftParenthesis))
        {
            while (!Match(TokenKind.RightParenthesis))
            {
                sample = ParseSampleArgument(sample);
                if (Failed)
                {
                    return null;
                }

                Match(TokenKind.Comma);
            }
        }

        return sample.Probability == 0 ? Fail("probability must be greater than zero") : sample;
    }

    // QUIRK(OVN): numbers of another form than decimal are skipped, except for probability; upper bits are lost.
    private ActionNode.Sample ParseSampleArgument(ActionNode.Sample sample)
    {
        var argument = lexer.CurrentText.ToString();
        if (!lexer.Is(TokenKind.Identifier) || argument is not ("probability" or "obs_point" or "obs_domain" or "collector_set"))
        {
            lexer.SyntaxError("unknown argument");
            return sample;
        }

        lexer.Advance();
        if (!Force(TokenKind.Assign))
        {
            return sample;
        }

        var isDecimal = IsNumber(ConstantFormat.Dec);
        switch (argument)
        {
            case "probability":
                return isDecimal && ParsePort("probability", out var probability) ? sample with { Probability = probability } : sample;
            case "obs_point":
                return ParseObservationPoint(sample, isDecimal);
            case "obs_domain" when isDecimal && (uint)lexer.Current.Number.Value > byte.MaxValue:
                lexer.SyntaxError("obs_domain must be 8-bit long");
                return sample;
            default:
                var value = (uint)TakeDecimal();
                return !isDecimal ? sample
                    : argument == "obs_domain" ? sample with { ObservationDomain = (byte)value }
                    : sample with { CollectorSet = value };
        }
    }

    private ActionNode.Sample ParseObservationPoint(ActionNode.Sample sample, bool isDecimal)
    {
        if (lexer.Current is { Kind: TokenKind.AddressSet, Text: "cookie" })
        {
            lexer.Advance();
            return sample with { UseCookie = true };
        }

        if (isDecimal)
        {
            return sample with { Point = (uint)TakeDecimal() };
        }

        if (!IsFrom(LanguageVersion.Ovn2409))
        {
            lexer.SyntaxError("malformed sample observation_point_id");
            return sample;
        }

        return ParseField(32) is { } field ? sample with { PointField = field } : sample;
    }
}
