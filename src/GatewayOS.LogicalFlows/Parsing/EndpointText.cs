using System.Globalization;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Reads <c>address</c>, <c>address:port</c>, <c>[address]:port</c> as OVS's inet_parse_active does.</summary>
internal static class EndpointText
{
    /// <summary>Port 0 when none is given.</summary>
    public static bool TryParse(string text, out IpAddress address, out ushort port)
    {
        port = 0;
        var (host, portText) = Split(text);
        var hasPort = portText.Length == 0
            || (int.TryParse(portText, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number)
                && (port = (ushort)number) == number);
        if (!hasPort)
        {
            address = default;
            return false;
        }

        if (!host.Contains(':'))
        {
            var ok = IpAddress.TryParseV4(host, out var v4);
            address = IpAddress.V4(v4);
            return ok;
        }

        // A numeric scope such as fe80::1%2 is allowed and forgotten.
        var scope = host.IndexOf('%');
        if (scope >= 0 && host.AsSpan(scope + 1).ContainsAnyExceptInRange('0', '9'))
        {
            address = default;
            return false;
        }

        var isAddress = IpAddress.TryParseV6(scope < 0 ? host : host[..scope], out var v6);
        address = IpAddress.V6(v6);
        return isAddress;
    }

    // More than one colon outside of brackets: an IPv6 address without a port.
    private static (string Host, string Port) Split(string text)
    {
        var (colons, lastColon, inBrackets) = (0, -1, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '[' or ']')
            {
                inBrackets = text[i] == '[';
            }
            else if (text[i] == ':' && !inBrackets)
            {
                colons++;
                lastColon = i;
            }
        }

        return colons switch
        {
            0 => (Unbracket(text), ""),
            1 => (Unbracket(text[..lastColon]), Unbracket(text[(lastColon + 1)..])),
            _ => (text, ""),
        };
    }

    private static string Unbracket(string text) =>
        !text.StartsWith('[') ? text
        : text.EndsWith(']') ? text[1..^1]
        : text[1..];
}
