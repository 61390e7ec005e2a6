using System.Globalization;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Packets;

/// <summary>
/// Makes a packet of a match that leaves no choice, such as <c>inport == "p" &amp;&amp; eth.src == ... &amp;&amp; ip4 &amp;&amp; ip.ttl == 64</c>: OVN's
/// expr_parse_microflow. What it does not mention is 0.
/// </summary>
/// <exception cref="FormatException">The messages are OVN's.</exception>
public static class Microflow
{
    public static Packet Parse(string text, LogicalFlowParser parser, INamedSets sets, Func<string, int?> portKey)
    {
        var parsed = parser.ParseMatch(text, sets);
        if (parsed.Match is null)
        {
            throw new FormatException($"error parsing flow: {parsed.Error}");
        }

        var match = Annotation.Annotate(parsed.Match);
        var alternatives = Normalization.Normalize(match);
        if (alternatives is { Count: 0 })
        {
            throw new FormatException("error parsing flow: Constraints are contradictory.");
        }

        // {1.2.3.4, 1.2.3.5} is one cube, and yet a choice.
        var isOpen = HasOr(Simplification.Simplify(match));
        var packet = new Packet();
        if (alternatives is not { Count: 1 } || !alternatives.Value[0].Clauses.All(clause => Apply(clause, isOpen, packet, portKey)))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"error parsing flow: Constraints are ambiguous: {match}."));
        }

        return packet;
    }

    private static bool HasOr(Expr match) => match is Expr.Or || (match is Expr.And and && and.Operands.Any(HasOr));

    // A port that does not exist leaves its register alone, as in OVN.
    private static bool Apply(Clause clause, bool isOpen, Packet packet, Func<string, int?> portKey)
    {
        switch (clause)
        {
            case Clause.Bits { Cubes: [var cube] } bits when !isOpen || cube.Mask == UInt128.MaxValue >> (128 - bits.Root.Width):
                packet[bits.Root] |= cube.Value;
                return true;
            case Clause.Ports { Names: [var name] } ports:
                packet[ports.Root] = (UInt128)(portKey(name) ?? 0);
                return true;
            default:
                return clause is Clause.Resident { IsNegated: false };
        }
    }
}
