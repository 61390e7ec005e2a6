using System.Diagnostics;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Brings a match into the form that tables take: an OR of <see cref="Conjunction"/>s, of clauses with cubes.
/// </summary>
/// <remarks>
/// <para>Sets and ranges do not multiply: <c>ip4.src == $a &amp;&amp; ip4.dst == $b &amp;&amp; 8000 &lt;= tcp.dst &lt;= 8099</c> is one conjunction of
/// three clauses (and those for the prerequisites); the range has the three prefixes that cover it. Only an OR over
/// different fields inside an AND multiplies, and then at most to the given limit.</para>
/// <para>Clauses are over roots (<see cref="StorageRoot"/>), so <c>reg0</c> and <c>xxreg0</c> meet. No conjunctions at all: the match
/// is never true.</para>
/// </remarks>
public static class Normalization
{
    /// <summary>
    /// The input is annotated and has no symbolic sets. Null when it would take more than <paramref name="limit"/> conjunctions, or more than that
    /// many cubes in one clause.
    /// </summary>
    public static EquatableArray<Conjunction>? Normalize(Expr match, int limit = 4096) =>
        Alternatives(Simplification.Simplify(match), limit) is { } alternatives ? [.. alternatives] : null;

    private static List<Conjunction>? Alternatives(Expr match, int limit) => match switch
    {
        Expr.Boolean boolean => boolean.Value ? [new Conjunction([])] : [],
        Expr.Compare compare => [new Conjunction([BitsOf(compare)])],
        Expr.CompareString compare => [new Conjunction([new Clause.Ports(compare.Field.Storage!.Value.Root, [compare.Value])])],
        Expr.ChassisResident resident => [new Conjunction([new Clause.Resident(resident.Port, resident.IsNegated)])],
        Expr.And and => Product(and, limit),
        Expr.Or or => Union(or, limit),
        _ => throw new UnreachableException(),
    };

    private static Clause.Bits BitsOf(Expr.Compare compare)
    {
        var storage = compare.Field.Storage!.Value;
        return new Clause.Bits(storage.Root, [new MaskedValue(compare.Value << storage.Offset, compare.Mask << storage.Offset)]);
    }

    // Alternatives that are one clause on the same thing become one clause with the values of all.
    private static List<Conjunction>? Union(Expr.Or or, int limit)
    {
        var others = new List<Conjunction>();
        var cubes = new Dictionary<StorageRoot, List<MaskedValue>>();
        var ports = new Dictionary<StorageRoot, List<string>>();
        foreach (var operand in or.Operands)
        {
            if (Alternatives(operand, limit) is not { } alternatives)
            {
                return null;
            }

            foreach (var alternative in alternatives)
            {
                switch (alternative.Clauses)
                {
                    case [Clause.Bits bits]:
                        Entry(cubes, bits.Root).AddRange(bits.Cubes);
                        break;
                    case [Clause.Ports names]:
                        Entry(ports, names.Root).AddRange(names.Names);
                        break;
                    default:
                        others.Add(alternative);
                        break;
                }
            }
        }

        var result = new List<Conjunction>();
        foreach (var (root, list) in cubes)
        {
            result.Add(new Conjunction([new Clause.Bits(root, CubeList.Reduce(list)) { SetName = or.SetName }]));
        }

        foreach (var (root, list) in ports)
        {
            result.Add(new Conjunction([new Clause.Ports(root, list.Distinct().ToEquatableArray()) { SetName = or.SetName }]));
        }

        result.AddRange(others);
        return result.Count > limit ? null : result;
    }

    private static List<Conjunction>? Product(Expr.And and, int limit)
    {
        var factors = new List<List<Conjunction>>();
        foreach (var operand in and.Operands)
        {
            if (Alternatives(operand, limit) is not { } alternatives)
            {
                return null;
            }

            factors.Add(alternatives);
        }

        // Small factors first: what contradicts or narrows the others does so before they multiply.
        factors.Sort((left, right) => left.Count.CompareTo(right.Count));
        List<Conjunction> result = [new Conjunction([])];
        foreach (var factor in factors)
        {
            var product = new List<Conjunction>();
            foreach (var left in result)
            {
                foreach (var right in factor)
                {
                    if (!TryMeet(left, right, limit, out var both) || product.Count == limit)
                    {
                        return null;
                    }

                    if (both is not null)
                    {
                        product.Add(both);
                    }
                }
            }

            result = product;
        }

        return result;
    }

    /// <summary>The conjunction of both, null when it is never true. False when it is too large.</summary>
    private static bool TryMeet(Conjunction left, Conjunction right, int limit, out Conjunction? both)
    {
        both = null;
        var clauses = new List<Clause>(left.Clauses);
        foreach (var clause in right.Clauses)
        {
            var same = clauses.FindIndex(other => AreAboutTheSame(other, clause));
            if (same < 0)
            {
                clauses.Add(clause);
                continue;
            }

            var met = Meet(clauses[same], clause, limit, out var isTooLarge);
            if (met is null)
            {
                return !isTooLarge;
            }

            clauses[same] = met;
        }

        both = new Conjunction([.. clauses]);
        return true;
    }

    private static bool AreAboutTheSame(Clause left, Clause right) => (left, right) switch
    {
        (Clause.Bits a, Clause.Bits b) => a.Root == b.Root,
        (Clause.Ports a, Clause.Ports b) => a.Root == b.Root,
        (Clause.Resident a, Clause.Resident b) => a.Port == b.Port,
        _ => false,
    };

    private static Clause? Meet(Clause left, Clause right, int limit, out bool isTooLarge)
    {
        isTooLarge = false;
        if (left == right)
        {
            return left;
        }

        switch (left, right)
        {
            case (Clause.Bits a, Clause.Bits b):
                var cubes = CubeList.Intersect(a.Cubes, b.Cubes, limit);
                isTooLarge = cubes is null;
                return cubes is not { Count: > 0 } some ? null : new Clause.Bits(a.Root, some);
            case (Clause.Ports a, Clause.Ports b):
                var names = a.Names.Intersect(b.Names).ToEquatableArray();
                return names.Count == 0 ? null : new Clause.Ports(a.Root, names);
            default:
                // The same port, once resident and once not.
                return null;
        }
    }

    private static List<T> Entry<T>(Dictionary<StorageRoot, List<T>> lists, StorageRoot root)
    {
        if (!lists.TryGetValue(root, out var list))
        {
            list = [];
            lists.Add(root, list);
        }

        return list;
    }
}
