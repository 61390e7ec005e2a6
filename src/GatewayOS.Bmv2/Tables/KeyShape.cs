using System.Linq.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;
using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A table's key packed into limbs: first all exact fields, then, from a limb boundary on, all others.</summary>
/// <remarks>Fields of at most 64 bits share limbs and never straddle two; wider ones (at most 128 bits) start a limb.</remarks>
internal sealed class KeyShape
{
    private readonly Lazily<KeyBuilder> _build;

    private KeyShape(KeyField[] fields, int exactLimbs, int limbs)
    {
        (Fields, ExactLimbs, Limbs) = (fields, exactLimbs, limbs);
        HasPriority = fields.Any(field => field.Kind is KeyKind.Ternary or KeyKind.Range);
        _build = new Lazily<KeyBuilder>(Compile(fields));
    }

    public delegate void KeyBuilder(PacketState state);

    /// <summary>In the order of the program.</summary>
    public KeyField[] Fields { get; }

    public int ExactLimbs { get; }

    public int Limbs { get; }

    /// <summary>Whether entries carry a priority; without, at most one field is lpm and the longest prefix wins.</summary>
    public bool HasPriority { get; }

    public static KeyShape Load(JsonPart part, ProgramLayout layout)
    {
        var sources = part.Items.Select(item => Source.Read(item, layout)).ToArray();
        var fields = new KeyField[sources.Length];
        var (limb, bit) = (0, 0);
        Place(exact: true);
        NextLimb();
        var exactLimbs = limb;
        Place(exact: false);
        NextLimb();
        if (fields.Count(field => field.Kind == KeyKind.Lpm) > 1)
        {
            throw part.Error("a key with two lpm fields is not supported");
        }

        return new KeyShape(fields, exactLimbs, limb);

        void NextLimb() => (limb, bit) = bit == 0 ? (limb, 0) : (limb + 1, 0);

        void Place(bool exact)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                var source = sources[i];
                if (source.Kind == KeyKind.Exact != exact)
                {
                    continue;
                }

                var width = source.Field.Width;
                if (bit + width > 64)
                {
                    NextLimb();
                }

                fields[i] = new KeyField(source.Name, source.Kind, source.Field, source.Mask, limb, bit);
                (limb, bit) = (limb + (bit + width) / 64, (bit + width) % 64);
            }
        }
    }

    public void Build(PacketState state) => _build.Code(state);

    public void Prepare() => _build.Compile();

    private static Expression<KeyBuilder> Compile(KeyField[] fields)
    {
        var state = Expression.Parameter(typeof(PacketState), "state");
        var packet = Expression.Variable(typeof(ulong[]), "packet");
        var key = Expression.Variable(typeof(ulong[]), "key");
        var limbs = new SortedDictionary<int, Expression>();
        foreach (var field in fields)
        {
            for (var i = 0; i < field.Source.Limbs; i++)
            {
                var part = Value(field, i, packet);
                limbs[field.Limb + i] = limbs.TryGetValue(field.Limb + i, out var other) ? Expression.Or(other, part) : part;
            }
        }

        return Expression.Lambda<KeyBuilder>(
            Expression.Block(
                typeof(void),
                [packet, key],
                [
                    Expression.Assign(packet, Expression.Field(state, nameof(PacketState.Fields))),
                    Expression.Assign(key, Expression.Field(state, nameof(PacketState.Key))),
                    .. limbs.Select(limb => Expression.Assign(Expression.ArrayAccess(key, Expression.Constant(limb.Key)), limb.Value)),
                ]),
            state);
    }

    /// <summary>A limb of a field, in its place. A field of a header that is not valid is matched as 0.</summary>
    private static Expression Value(KeyField field, int index, Expression packet)
    {
        Expression value = Expression.ArrayIndex(packet, Expression.Constant(field.Source.Limb + index));
        if (field.Source.ValidityLimb >= 0)
        {
            // 0 - 1 is all ones, 0 - 0 is none: this saves a branch.
            var valid = Expression.ArrayIndex(packet, Expression.Constant(field.Source.ValidityLimb));
            value = Expression.And(value, Expression.Subtract(Expression.Constant(0UL), valid));
        }

        if (field.StaticMask is { } mask)
        {
            value = Expression.And(value, Expression.Constant((ulong)(mask >> (64 * index))));
        }

        return field.Shift == 0 ? value : Expression.LeftShift(value, Expression.Constant(field.Shift));
    }

    private readonly record struct Source(string Name, KeyKind Kind, FieldLayout Field, UInt128? Mask)
    {
        public static Source Read(JsonPart part, ProgramLayout layout)
        {
            var type = part["match_type"];
            var field = type.Text == "valid" ? layout.Header(part["target"]).Validity : layout.Field(part["target"]);
            var kind = type.Text switch
            {
                "exact" or "valid" => KeyKind.Exact,
                "lpm" => KeyKind.Lpm,
                "ternary" or "optional" => KeyKind.Ternary,
                "range" => KeyKind.Range,
                var other => throw type.Error($"the match type '{other}' is not supported"),
            };
            if (field.IsVariable || field.Width > 128 || (kind == KeyKind.Range && field.Width > 64))
            {
                throw part.Error("a key field has at most 128 bits here, a range at most 64");
            }

            var name = part.Find("name") is { IsNull: false } given ? given.Text : field.ToString();
            return new Source(name, kind, field, part["mask"].IsNull ? null : (UInt128)part["mask"].Hex);
        }
    }
}
