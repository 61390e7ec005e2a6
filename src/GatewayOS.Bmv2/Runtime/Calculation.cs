using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A named hash over fields, constants, whole headers and the payload.</summary>
/// <remarks>What belongs to a header that is not valid is left out, as in bmv2, so what follows moves up.</remarks>
internal sealed class Calculation(HashFunction function, Calculation.Input[] inputs, bool withPayload)
{
    /// <summary>One input; without a field a constant.</summary>
    public readonly record struct Input(FieldLayout? Field, ulong[] Constant, int Width);

    public static Calculation Load(JsonPart part, ProgramLayout layout)
    {
        var algorithm = part["algo"];
        var function = HashAlgorithms.ByName.TryGetValue(algorithm.Text, out var found)
            ? found
            : throw algorithm.Error($"the hash algorithm '{algorithm.Text}' is not supported");
        var inputs = new List<Input>();
        var payload = false;
        foreach (var input in part["input"].Items)
        {
            switch (input["type"].Text)
            {
                case "field":
                    inputs.Add(OfField(layout.Field(input["value"])));
                    break;
                case "header":
                    inputs.AddRange(layout.Header(input["value"]).Fields.Select(OfField));
                    break;
                case "hexstr":
                    inputs.Add(OfConstant(input));
                    break;
                case "payload":
                    payload = true;
                    break;
                default:
                    throw input.Error($"an input of type '{input["type"].Text}' is not supported");
            }
        }

        return new Calculation(function, [.. inputs], payload);
    }

    public ulong Compute(PacketState state)
    {
        var buffer = state.Input;
        buffer.Clear();
        foreach (ref readonly var input in inputs.AsSpan())
        {
            if (input.Field is not { } field)
            {
                buffer.Append(input.Constant, 0, input.Width);
            }
            else if (field.ValidityLimb < 0 || state.Fields[field.ValidityLimb] != 0)
            {
                if (field.IsVariable)
                {
                    buffer.Append(state.Variable.AsSpan(field.VariableOffset, (int)(state.Fields[field.Limb] / 8)));
                }
                else if (field.Width <= 64)
                {
                    buffer.Append(state.Fields[field.Limb], field.Width);
                }
                else
                {
                    buffer.Append(state.Fields, field.Limb, field.Width);
                }
            }
        }

        if (withPayload)
        {
            buffer.Append(state.Packet.AsSpan(state.Cursor, state.PayloadLength));
        }

        return function(buffer.Octets);
    }

    private static Input OfField(FieldLayout field) => new(field, [], field.Width);

    private static Input OfConstant(JsonPart part)
    {
        var width = part["bitwidth"].Integer;
        var limbs = new ulong[Math.Max(FieldLayout.LimbsOf(width), 1)];
        Expressions.WideMath.Store(part["value"].Hex, limbs, 0, width);
        return new Input(null, limbs, width);
    }
}
