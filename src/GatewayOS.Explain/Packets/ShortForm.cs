using System.Globalization;
using GatewayOS.Core;

namespace GatewayOS.Explain.Packets;

/// <summary>
/// The short description of a packet, <c>src A dst B [proto P] [sport N] [dport N] ...</c>, as the microflow that OVN users know:
/// <c>ip4.src == A &amp;&amp; ip4.dst == B &amp;&amp; ...</c>.
/// </summary>
public static class ShortForm
{
    /// <summary>Without proto: a ping, or TCP if ports are given.</summary>
    public const string Syntax =
        "src A dst B [proto tcp|udp|sctp|icmp|N] [sport N] [dport N] [in LOGICAL-PORT] [eth.src MAC] [eth.dst MAC] [vlan N] [ttl N] [dscp N]";

    private static readonly string[] s_words = ["in", "src", "dst", "proto", "sport", "dport", "eth.src", "eth.dst", "vlan", "ttl", "dscp"];

    private static readonly string[] s_ported = ["tcp", "udp", "sctp"];

    /// <summary>Whether the text begins like the short form; a microflow has an operator or a predicate there.</summary>
    public static bool IsLike(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var second, ..] && s_words.Contains(first) && char.IsLetterOrDigit(second[0]);

    /// <exception cref="ExplainException">The text is not in the short form.</exception>
    public static string ToMicroflow(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var given = new Dictionary<string, string>();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!s_words.Contains(words[i]) || i + 1 == words.Length || !given.TryAdd(words[i], words[i + 1]))
            {
                throw new ExplainException($"'{words[i]}' is unknown, given twice or without a value; write {Syntax}");
            }
        }

        if (!IpAddress.TryParse(given.GetValueOrDefault("src"), out var source) || !IpAddress.TryParse(given.GetValueOrDefault("dst"), out var destination)
            || source.IsIpv6 != destination.IsIpv6)
        {
            throw new ExplainException($"src and dst have to be addresses of one family; write {Syntax}");
        }

        return string.Join(" && ", Terms(given, source.IsIpv6 ? "ip6" : "ip4"));
    }

    private static IEnumerable<string> Terms(Dictionary<string, string> given, string family)
    {
        var ports = new[] { (Word: "sport", Field: "src"), (Word: "dport", Field: "dst") }.Where(pair => given.ContainsKey(pair.Word)).ToList();
        var protocol = given.GetValueOrDefault("proto") ?? (ports.Count > 0 ? "tcp" : "icmp");
        if (ports.Count > 0 && !s_ported.Contains(protocol))
        {
            throw new ExplainException($"protocol '{protocol}' has no ports; write proto tcp, udp or sctp, or leave out sport and dport");
        }

        foreach (var (word, term) in new[] { ("in", "inport == \"{0}\""), ("eth.src", "eth.src == {0}"), ("eth.dst", "eth.dst == {0}"), ("vlan", "vlan.vid == {0}") })
        {
            if (given.TryGetValue(word, out var value))
            {
                yield return string.Format(CultureInfo.InvariantCulture, term, value);
            }
        }

        yield return $"{family}.src == {given["src"]}";
        yield return $"{family}.dst == {given["dst"]}";
        yield return $"ip.ttl == {given.GetValueOrDefault("ttl") ?? "64"}";
        if (given.TryGetValue("dscp", out var dscp))
        {
            yield return $"ip.dscp == {dscp}";
        }

        switch (protocol)
        {
            case "tcp" or "udp" or "sctp":
                yield return protocol;
                break;
            case "icmp" or "icmp6" or "icmp4":
                yield return family == "ip6" ? "icmp6 && icmp6.type == 128" : "icmp4 && icmp4.type == 8";
                break;
            default:
                yield return $"ip.proto == {protocol}";
                break;
        }

        foreach (var (word, field) in ports)
        {
            yield return $"{protocol}.{field} == {given[word]}";
        }
    }
}
