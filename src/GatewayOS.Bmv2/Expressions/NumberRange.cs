namespace GatewayOS.Bmv2.Expressions;

/// <summary>What is known of a number before the packet comes: it fits this many bits, sign included if it can be negative.</summary>
internal readonly record struct NumberRange(int Bits, bool Signed)
{
    public NumberRange AsSigned => Signed ? this : new NumberRange(Bits + 1, true);

    public static NumberRange Join(NumberRange left, NumberRange right) => left.Signed == right.Signed
        ? new NumberRange(Math.Max(left.Bits, right.Bits), left.Signed)
        : new NumberRange(Math.Max(left.AsSigned.Bits, right.AsSigned.Bits), true);

    public static NumberRange Of(Node node) => node switch
    {
        Node.Number number => number.Value.Sign < 0
            ? new NumberRange((int)number.Value.GetBitLength() + 1, true)
            : new NumberRange((int)number.Value.GetBitLength(), false),
        Node.Field field => new NumberRange(field.Layout.Width, field.Layout.Signed),
        Node.StackField field => new NumberRange(field.Shape.Width, field.Shape.Signed),
        Node.Parameter parameter => new NumberRange(parameter.Width, false),
        Node.StackCount => new NumberRange(32, true),
        Node.Truth or Node.SameHeader => new NumberRange(1, false),
        Node.Operation operation => OfOperation(operation),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static NumberRange OfOperation(Node.Operation node)
    {
        if (node.IsBoolean || node.Operator == Operator.FromBool)
        {
            return new NumberRange(1, false);
        }

        var right = Of(node.Right);
        var left = node.Left is null ? default : Of(node.Left);
        switch (node.Operator)
        {
            case Operator.Add:
                var sum = Join(left, right);
                return sum with { Bits = sum.Bits + 1 };
            case Operator.Subtract:
                return new NumberRange(Math.Max(left.AsSigned.Bits, right.AsSigned.Bits) + 1, true);
            case Operator.Multiply:
                return new NumberRange(left.Bits + right.Bits, left.Signed || right.Signed);
            case Operator.BitAnd:
                return (left.Signed, right.Signed) switch
                {
                    (false, false) => new NumberRange(Math.Min(left.Bits, right.Bits), false),
                    (false, true) => left,
                    (true, false) => right,
                    _ => Join(left, right),
                };
            case Operator.BitOr or Operator.BitXor or Operator.Choose:
                return Join(left, right);
            case Operator.Complement:
                return right.AsSigned;
            case Operator.ShiftLeft:
                return left with { Bits = left.Bits + MaxShift(node.Right, right) };
            case Operator.ShiftRight when !left.Signed && node.Right is Node.Number { Value: var amount }:
                return new NumberRange((int)System.Numerics.BigInteger.Max(left.Bits - amount, 0), false);
            case Operator.ShiftRight or Operator.Divide or Operator.Remainder:
                return left;
            case Operator.WrapSigned or Operator.SaturateSigned:
                return new NumberRange((int)((Node.Number)node.Right).Value, true);
            case Operator.SaturateUnsigned:
                return new NumberRange((int)((Node.Number)node.Right).Value, false);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>A shift by more than any field is wide is taken for one of 2^16 bits: far beyond the widths computed natively.</summary>
    private static int MaxShift(Node amount, NumberRange range) =>
        amount is Node.Number { Value: var value } ? (int)System.Numerics.BigInteger.Min(value, 1 << 16)
        : range.Bits < 16 ? (1 << range.Bits) - 1 : 1 << 16;
}
