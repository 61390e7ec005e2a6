using System.Linq.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>Writes the valid headers in order, then the payload.</summary>
internal sealed class DeparserDefinition
{
    private readonly Lazily<HeaderWriter> _write;
    private readonly Checksum[] _checksums;
    private readonly ActionDefinition[] _actions;
    private readonly int _maxHeaderSize;

    public DeparserDefinition(JsonPart part, ProgramLayout layout, ActionCompiler actions, Checksum[] checksums)
    {
        _checksums = checksums;
        var headers = part["order"].Items.Select(layout.Header).ToArray();
        _maxHeaderSize = headers.Sum(header => header.FixedSize + (header.Variable?.Width / 8 ?? 0));
        _write = new Lazily<HeaderWriter>(Compile(headers));
        var reader = new Expressions.NodeReader(layout);
        _actions =
        [
            .. part.Optional("primitives").Select(primitive => new ActionDefinition("deparser", -1, [], actions.Body(reader, [primitive]))),
        ];
    }

    private delegate int HeaderWriter(PacketState state, byte[] output);

    /// <summary>Writes the packet and returns its length; <paramref name="output"/> is replaced by a larger array when it is too small.</summary>
    public int Deparse(PacketState state, ref byte[] output)
    {
        foreach (var checksum in _checksums)
        {
            checksum.Update(state);
        }

        foreach (var action in _actions)
        {
            action.Execute(state, []);
        }

        var payload = state.Packet.AsSpan(state.Cursor, state.End - state.Cursor);
        if (output.Length < _maxHeaderSize + payload.Length + PacketState.Padding)
        {
            output = new byte[(_maxHeaderSize + payload.Length) * 2 + PacketState.Padding];
        }

        // A header is written eight octets at a time: what is too much is overwritten by what follows.
        var size = _write.Code(state, output);
        payload.CopyTo(output.AsSpan(size));
        return Math.Min(size + payload.Length, state.TruncatedLength);
    }

    public void Prepare() => _write.Compile();

    private static Expression<HeaderWriter> Compile(HeaderLayout[] headers)
    {
        var state = Expression.Parameter(typeof(PacketState), "state");
        var output = Expression.Parameter(typeof(byte[]), "output");
        var fields = Expression.Variable(typeof(ulong[]), "fields");
        var position = Expression.Variable(typeof(int), "position");
        var steps = new List<Expression> { Expression.Assign(fields, Expression.Field(state, nameof(PacketState.Fields))) };
        foreach (var header in headers)
        {
            var valid = Expression.NotEqual(Expression.ArrayIndex(fields, Expression.Constant(header.Validity.Limb)), Expression.Constant(0UL));
            steps.Add(Expression.IfThen(valid, Expression.Block(WriteHeader(header, state, output, fields, position).Append(Expression.Empty()))));
        }

        steps.Add(position);
        return Expression.Lambda<HeaderWriter>(Expression.Block([fields, position], steps), state, output);
    }

    private static IEnumerable<Expression> WriteHeader(
        HeaderLayout header, Expression state, Expression output, Expression fields, ParameterExpression position)
    {
        var run = new List<FieldLayout>();
        foreach (var field in header.Fields)
        {
            if (!field.IsVariable)
            {
                run.Add(field);
                continue;
            }

            foreach (var step in WriteRun(run, output, fields, position))
            {
                yield return step;
            }

            run.Clear();
            yield return Expression.AddAssign(
                position, Expression.Call(typeof(DeparserDefinition), nameof(WriteVariable), null, state, output, position, Expression.Constant(field)));
        }

        foreach (var step in WriteRun(run, output, fields, position))
        {
            yield return step;
        }
    }

    private static int WriteVariable(PacketState state, byte[] output, int position, FieldLayout field)
    {
        var octets = state.Variable.AsSpan(field.VariableOffset, (int)(state.Fields[field.Limb] / 8));
        octets.CopyTo(output.AsSpan(position));
        return octets.Length;
    }

    /// <summary>Writes fields of fixed size that together fill whole octets.</summary>
    private static IEnumerable<Expression> WriteRun(
        List<FieldLayout> run, Expression output, Expression fields, ParameterExpression position)
    {
        var width = run.Sum(field => field.Width);
        for (var word = 0; word < width; word += 64)
        {
            yield return Expression.Call(typeof(PacketBits), nameof(PacketBits.Write), null,
                output, Expression.Add(position, Expression.Constant(word / 8)), Word(run, word, fields));
        }

        if (width > 0)
        {
            yield return Expression.AddAssign(position, Expression.Constant(width / 8));
        }
    }

    /// <summary>The 64 bits of the run from a bit on.</summary>
    private static Expression Word(List<FieldLayout> run, int word, Expression fields)
    {
        Expression? value = null;
        var end = 0;
        foreach (var field in run)
        {
            end += field.Width;
            for (var i = 0; i < field.Limbs; i++)
            {
                // The limb's bit 0 is at limbEnd - 1 of the run.
                var limbEnd = end - 64 * i;
                var limbStart = Math.Max(end - field.Width, limbEnd - 64);
                if (limbEnd <= word || limbStart >= word + 64)
                {
                    continue;
                }

                var shift = word + 64 - limbEnd;
                var limb = Expression.ArrayIndex(fields, Expression.Constant(field.Limb + i));
                var part = shift switch
                {
                    0 => (Expression)limb,
                    > 0 => Expression.LeftShift(limb, Expression.Constant(shift)),
                    _ => Expression.RightShift(limb, Expression.Constant(-shift)),
                };
                value = value is null ? part : Expression.Or(value, part);
            }
        }

        return value ?? Expression.Constant(0UL);
    }
}
