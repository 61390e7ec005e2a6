using System.Collections.Immutable;
using System.Diagnostics;
using GatewayOS.Compiler.Classes;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Folds a match under what is known of a packet: what is decided vanishes, the rest becomes cubes over key fields.</summary>
/// <remarks>
/// A test that the pipeline cannot do leaves an over-approximation that is marked as inexact; the compiler punts those packets
/// (invariant I2). The match is annotated: prerequisites are part of it.
/// </remarks>
/// <param name="isResident">Whether a port is bound to this chassis.</param>
/// <param name="classes">Turns sets of addresses into class bits; null: they are spelled out.</param>
public sealed class MatchFolder(Func<string, bool> isResident, AddressClasses? classes = null)
{
    /// <summary>A product of sets beyond this is not spelled out: its packets are punted.</summary>
    internal const int AlternativeLimit = 4096;

    private const string ManyAlternatives = "a product of sets";

    private readonly ClassFolder? _classes = classes is null ? null : new ClassFolder(classes);

    public Residual Fold(Expr match, SymbolicState state) => match switch
    {
        Expr.Boolean(var value) => value ? Residual.True : Residual.False,
        Expr.And(var operands) => FoldAll(operands, state),
        Expr.Or(var operands) => FoldAny(operands, state),
        Expr.Compare { Relop: Relop.NotEqual } when _classes is not null => FoldAll([match], state),
        Expr.Compare compare => CompareFolder.Fold(compare, state),
        Expr.CompareString compare => FoldPort(compare, state),
        Expr.ChassisResident(var port, var negated) => isResident(port) != negated ? Residual.True : Residual.False,
        Expr.InSet set => Residual.Maybe(set.Slice.Field.Name),
        _ => throw new UnreachableException(),
    };

    private static Residual FoldPort(Expr.CompareString compare, SymbolicState state)
    {
        var isPort = compare.Field.Name == "inport" ? state.IsInPort(compare.Value) : state.OutPort is { } port ? port == compare.Value : null;
        return isPort is not { } known ? Residual.Maybe(compare.Field.Name)
            : known == (compare.Relop == Relop.Equal) ? Residual.True
            : Residual.False;
    }

    private Residual FoldAll(EquatableArray<Expr> operands, SymbolicState state)
    {
        List<Residual>? tests = null;
        var result = Residual.True;
        if (_classes is not null && HasExceptions(operands) && !state.HasOtherAddresses)
        {
            operands = _classes.Exclude(operands, state, tests = []).ToEquatableArray();
        }

        foreach (var operand in operands)
        {
            var next = operand is Expr.Compare compare ? CompareFolder.Fold(compare, state) : Fold(operand, state);
            if (!Narrow(ref result, next))
            {
                return Residual.False;
            }
        }

        foreach (var test in tests ?? [])
        {
            Narrow(ref result, test);
        }

        return Excluded.Remove(result, state.Class);
    }

    private static bool HasExceptions(EquatableArray<Expr> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is Expr.Compare { Relop: Relop.NotEqual })
            {
                return true;
            }
        }

        return false;
    }

    private static bool Narrow(ref Residual result, Residual next)
    {
        result = result.IsTrue ? next : next.IsTrue ? result : Product(result, next);
        return !result.IsFalse;
    }

    private Residual FoldAny(EquatableArray<Expr> operands, SymbolicState state)
    {
        var alternatives = new List<Alternative>();
        var names = new List<string?>();
        foreach (var operand in operands)
        {
            var next = Fold(operand, state);
            if (next.IsTrue)
            {
                return next;
            }

            foreach (var alternative in next.Alternatives)
            {
                alternatives.Add(alternative);
                names.Add(NameOf(operand));
            }
        }

        // Bits are looked up for the packet that came in.
        return alternatives.Count == 0 ? Residual.False
            : new Residual([.. _classes is null || state.HasOtherAddresses ? alternatives : _classes.Merge(alternatives, names, state.Class)]);
    }

    private static string? NameOf(Expr operand) => operand switch
    {
        Expr.Compare compare => compare.SetName,
        Expr.And(var operands) => NameOf(operands),
        _ => null,
    };

    private static string? NameOf(EquatableArray<Expr> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is Expr.Compare { SetName: { } name })
            {
                return name;
            }
        }

        return null;
    }

    private static Residual Product(Residual left, Residual right)
    {
        if ((long)left.Alternatives.Length * right.Alternatives.Length > AlternativeLimit)
        {
            // The narrower side alone is an over-approximation.
            var narrow = left.Alternatives.Length <= right.Alternatives.Length ? left : right;
            return new Residual([.. narrow.Alternatives.Select(alternative => alternative with { Untested = alternative.Untested ?? ManyAlternatives })]);
        }

        if (left.Alternatives is [var one] && right.Alternatives is [var other])
        {
            return one.Cube.Intersect(other.Cube) is { } both ? new Residual([new Alternative(both, one.Untested ?? other.Untested)]) : Residual.False;
        }

        var product = ImmutableArray.CreateBuilder<Alternative>(left.Alternatives.Length * right.Alternatives.Length);
        foreach (var a in left.Alternatives)
        {
            foreach (var b in right.Alternatives)
            {
                if (a.Cube.Intersect(b.Cube) is { } cube)
                {
                    product.Add(new Alternative(cube, a.Untested ?? b.Untested));
                }
            }
        }

        return new Residual(product.DrainToImmutable());
    }
}
