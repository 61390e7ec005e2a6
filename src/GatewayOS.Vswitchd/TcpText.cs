using GatewayOS.Connections;

namespace GatewayOS.Vswitchd;

/// <summary>Reads <c>state_orig=ESTABLISHED,state_reply=SYN_SENT,wscale_orig=7,...,flags_orig=WINDOW_SCALE|BE_LIBERAL,...</c>.</summary>
internal static class TcpText
{
    public static bool TryRead(ReadOnlySpan<char> text, out TcpTracking tcp)
    {
        tcp = default;
        var (states, fits) = (0, true);
        var fields = new FieldCursor(text);
        while (fits && fields.MoveNext())
        {
            switch (fields.Name)
            {
                case "state_orig":
                    (fits, states) = (TryState(fields.Value, out var original), states | 1);
                    tcp = tcp with { Original = original };
                    break;
                case "state_reply":
                    (fits, states) = (TryState(fields.Value, out var reply), states | 2);
                    tcp = tcp with { Reply = reply };
                    break;
                case "flags_orig": tcp = tcp with { OriginalFlags = Flags(fields.Value) }; break;
                case "flags_reply": tcp = tcp with { ReplyFlags = Flags(fields.Value) }; break;
                default: break;
            }
        }

        return fits && !fields.IsBroken && states == 3;
    }

    // CT_DPIF_TCP_STATES
    private static bool TryState(ReadOnlySpan<char> name, out TcpState state)
    {
        state = name switch
        {
            "CLOSED" => TcpState.Closed,
            "LISTEN" => TcpState.Listen,
            "SYN_SENT" => TcpState.SynSent,
            "SYN_RECV" => TcpState.SynReceived,
            "ESTABLISHED" => TcpState.Established,
            "CLOSE_WAIT" => TcpState.CloseWait,
            "FIN_WAIT_1" => TcpState.FinWait,
            "CLOSING" => TcpState.Closing,
            "LAST_ACK" => TcpState.LastAck,
            "FIN_WAIT_2" => TcpState.FinWait2,
            "TIME_WAIT" => TcpState.TimeWait,
            _ => TcpState.None,
        };
        return state != TcpState.None;
    }

    // CT_DPIF_TCP_FLAGS; 0 when there are none.
    private static TcpFlags Flags(ReadOnlySpan<char> names)
    {
        var flags = TcpFlags.None;
        foreach (var range in names.Split('|'))
        {
            flags |= names[range] switch
            {
                "WINDOW_SCALE" => TcpFlags.WindowScale,
                "SACK_PERM" => TcpFlags.SelectiveAcknowledgement,
                "CLOSE_INIT" => TcpFlags.CloseInitiated,
                "BE_LIBERAL" => TcpFlags.BeLiberal,
                "DATA_UNACKNOWLEDGED" => TcpFlags.DataUnacknowledged,
                "MAXACK_SET" => TcpFlags.MaximumAcknowledged,
                _ => TcpFlags.None,
            };
        }

        return flags;
    }
}
