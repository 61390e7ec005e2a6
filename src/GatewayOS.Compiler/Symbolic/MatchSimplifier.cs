using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Takes out of a match what is decided for every packet of a class, wherever it is on its way.</summary>
/// <remarks>Where ports reside is not decided: that changes.</remarks>
/// <param name="packetClass">The class.</param>
/// <param name="knowsConntrack">Whether no packet has been tracked yet.</param>
public sealed class MatchSimplifier(PacketClass packetClass, bool knowsConntrack = true)
{
    /// <summary>One more than the largest <see cref="Kind"/>.</summary>
    public const int Kinds = 8;

    private readonly MatchFolder _folder = new(_ => throw new InvalidOperationException("residence is not asked for here"));
    private readonly SymbolicState _anyPacket = new(
        new RootCatalog(packetClass, knowsRegisters: false, knowsConntrack), null, null,
        new Passage(Origin.Tunnel.Instance, 0, PacketClasses.RouterLimit, int.MaxValue, InPortHidden: false));

    /// <summary>A number for what is decided: that of the class; of the two that may have been tracked, one that no class has.</summary>
    public int Kind { get; } = knowsConntrack ? (int)packetClass : packetClass == PacketClass.Ipv4 ? 0 : 4;

    /// <returns>The rest of the match; the same object if nothing was decided.</returns>
    public Expr Simplify(Expr match) => match switch
    {
        Expr.And(var operands) => Simplify(operands, neutral: true) is { } rest
            ? rest.Count == operands.Count && rest.SequenceEqual(operands, ReferenceEqualityComparer.Instance) ? Checked(match) : Checked(Join(rest, isAnd: true))
            : Expr.False,
        Expr.Or(var operands) or => Simplify(operands, neutral: false) is { } rest
            ? rest.Count == operands.Count && rest.SequenceEqual(operands, ReferenceEqualityComparer.Instance) ? match : Join(rest, isAnd: false)
            : Expr.True,
        Expr.Compare or Expr.CompareString or Expr.InSet => Leaf(match),
        _ => match,
    };

    // Operands that are neutral vanish; null when one decides the whole.
    private List<Expr>? Simplify(EquatableArray<Expr> operands, bool neutral)
    {
        var rest = new List<Expr>(operands.Count);
        foreach (var operand in operands)
        {
            var simple = Simplify(operand);
            if (simple is Expr.Boolean(var value))
            {
                if (value != neutral)
                {
                    return null;
                }

                continue;
            }

            rest.Add(simple);
        }

        return rest;
    }

    private static Expr Join(List<Expr> operands, bool isAnd) =>
        operands.Count == 0 ? (isAnd ? Expr.True : Expr.False)
        : operands.Count == 1 ? operands[0]
        : isAnd ? new Expr.And([.. operands]) : new Expr.Or([.. operands]);

    private Expr Leaf(Expr match)
    {
        var residual = Excluded.Remove(_folder.Fold(match, _anyPacket), packetClass);
        return residual.IsTrue ? Expr.True : residual.IsFalse ? Expr.False : match;
    }

    // Some packets are excluded by several fields together.
    private Expr Checked(Expr match) =>
        match is Expr.And(var operands) && !operands.Any(HasResidence) && _folder.Fold(match, _anyPacket).IsFalse ? Expr.False : match;

    private static bool HasResidence(Expr match) => match switch
    {
        Expr.ChassisResident => true,
        Expr.And(var operands) => operands.Any(HasResidence),
        Expr.Or(var operands) => operands.Any(HasResidence),
        _ => false,
    };
}
