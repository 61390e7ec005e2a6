using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Numerics;
using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Expressions;

/// <summary>Turns expressions of the program into .NET expression trees, which become machine code.</summary>
/// <remarks>
/// Numbers have no bounds in bmv2, yet nearly every result is cut to a field's width in the end. So a number is computed in one of two ways:
/// <list type="bullet">
/// <item>modulo 2^64 or 2^128 (<see cref="Modular(Node, bool)"/>) where only its low bits matter: + - * &amp; | ^ ~ and &lt;&lt; of low bits give low bits;</item>
/// <item>exactly (<see cref="Exact"/>) where the value itself matters, as for comparisons, in the smallest of ulong, UInt128, Int128 that
/// <see cref="NumberRange"/> proves large enough, else in BigInteger, which is slow and allocates.</item>
/// </list>
/// A number that provably fits is exact when computed modulo, so both ways share their code.
/// </remarks>
/// <param name="layout">Where the program's fields live.</param>
/// <param name="fields">The limbs of the packet, ulong[].</param>
/// <param name="data">The limbs of the action's arguments, ulong[].</param>
internal sealed class NodeCompiler(ProgramLayout layout, ParameterExpression fields, ParameterExpression data)
{
    public Expression Fields => fields;

    public Expression Limb(int index) => Expression.ArrayAccess(fields, Expression.Constant(index));

    public Expression Limb(Expression index) => Expression.ArrayAccess(fields, index);

    /// <summary>A boolean expression.</summary>
    /// <remarks>Operators and conversions of wide numbers are found by name, so a native program has to keep them.</remarks>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(UInt128))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(Int128))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(BigInteger))]
    public Expression Condition(Node node) => node switch
    {
        Node.Truth truth => Expression.Constant(truth.Value),
        Node.SameHeader same => Call(nameof(WideMath.SameLimbs), fields, Constant(same.Left.FirstLimb), Constant(same.Right.FirstLimb),
            Constant(same.Left.LimbCount)),
        Node.Operation operation => Condition(operation),
        _ => IsNonZero(node),
    };

    /// <summary>A number as ulong, exact if it fits, else the largest ulong. For indices and shifts.</summary>
    public Expression Index(Node node)
    {
        var exact = Exact(node);
        return exact.Type == typeof(ulong) ? exact : Expression.Condition(
            IsWithin64(exact), Expression.Convert(exact, typeof(ulong)), Expression.Constant(ulong.MaxValue));
    }

    /// <summary>The number modulo 2^64 (ulong) or 2^128 (UInt128).</summary>
    public Expression Modular(Node node, bool wide)
    {
        switch (node)
        {
            case Node.Number number:
                return wide ? Expression.Constant((UInt128)(number.Value & UInt128.MaxValue)) : Expression.Constant((ulong)(number.Value & ulong.MaxValue));
            case Node.Field field:
                return Read(fields, Constant(field.Layout.Limb), field.Layout.Width, field.Layout.Signed, wide);
            case Node.StackField field:
                return Read(fields, Position(field), field.Shape.Width, field.Shape.Signed, wide);
            case Node.Parameter parameter:
                return Read(data, Constant(parameter.Limb), parameter.Width, false, wide);
            case Node.StackCount count:
                Expression value = Expression.Subtract(Limb(count.Stack.NextLimb), Expression.Constant((ulong)count.Less));
                return wide ? Call(nameof(WideMath.ExtendSignWide), value, Constant(64)) : value;
            case Node.Operation operation:
                return Modular(operation, wide);
            default:
                return Expression.Condition(Condition(node), One(wide), Zero(wide));
        }
    }

    /// <summary>The number itself, as ulong, UInt128, Int128 or BigInteger.</summary>
    public Expression Exact(Node node)
    {
        if (IsSlice(node))
        {
            var bits = NumberRange.Of(node).Bits;
            return bits <= 128 ? Modular(node, wide: bits > 64) : Big(node);
        }

        if (node is Node.Operation { Operator: Operator.ShiftRight or Operator.Divide or Operator.Remainder } or Node.Operation
            {
                Operator: Operator.SaturateSigned or Operator.SaturateUnsigned,
            })
        {
            return ExactOnly((Node.Operation)node);
        }

        var range = NumberRange.Of(node);
        return (range.Signed, range.Bits) switch
        {
            (false, <= 64) => Modular(node, wide: false),
            (false, <= 128) => Modular(node, wide: true),
            (true, <= 128) => Expression.Convert(Modular(node, wide: true), typeof(Int128)),
            _ => Big(node),
        };
    }

    /// <summary>Stores the number in a field, cut to its width.</summary>
    public Expression Store(FieldLayout field, Node node) => Store(Constant(field.Limb), field.Width, node);

    public Expression Store(Node.StackField field, Node node)
    {
        var position = Expression.Variable(typeof(int), "position");
        return Expression.Block([position], Expression.Assign(position, Position(field)), Store(position, field.Shape.Width, node));
    }

    public Expression Store(Expression limb, int width, Node node)
    {
        var range = NumberRange.Of(node);
        var fits = !range.Signed && range.Bits <= width;
        if (width <= 64)
        {
            var value = Modular(node, wide: false);
            return Expression.Assign(Limb(limb), fits ? value : Expression.And(value, Expression.Constant(Mask(width))));
        }

        if (fits && Limbs(node) is { } limbs)
        {
            return Expression.Block(Enumerable.Range(0, FieldLayout.LimbsOf(width)).Select(i => Expression.Assign(
                Limb(Expression.Add(limb, Constant(i))), i < limbs.Length ? limbs[i] : Expression.Constant(0UL))));
        }

        if (width <= 128)
        {
            var value = Expression.Variable(typeof(UInt128), "value");
            var number = Modular(node, wide: true);
            var cut = fits ? number : Expression.And(number, Expression.Constant(UInt128.MaxValue >> (128 - width)));
            return Expression.Block(
                [value],
                Expression.Assign(value, cut),
                Expression.Assign(Limb(limb), Expression.Convert(value, typeof(ulong))),
                Expression.Assign(Limb(Expression.Increment(limb)), Expression.Convert(Expression.RightShift(value, Constant(64)), typeof(ulong))));
        }

        return Call(nameof(WideMath.Store), Big(node), fields, limb, Constant(width));
    }

    public static ulong Mask(int width) => width >= 64 ? ulong.MaxValue : (1UL << width) - 1;

    private static ConstantExpression Constant(int value) => Expression.Constant(value);

    private static ConstantExpression One(bool wide) => wide ? Expression.Constant(UInt128.One) : Expression.Constant(1UL);

    private static ConstantExpression Zero(bool wide) => wide ? Expression.Constant(UInt128.Zero) : Expression.Constant(0UL);

    private static MethodCallExpression Call(string method, params Expression[] arguments) =>
        Expression.Call(typeof(WideMath).GetMethod(method, [.. arguments.Select(argument => argument.Type)])!, arguments);

    /// <summary>The limbs of a plain reference, or null.</summary>
    private Expression[]? Limbs(Node node)
    {
        var (array, first, width) = node switch
        {
            Node.Field field => (fields, field.Layout.Limb, field.Layout.Width),
            Node.Parameter parameter => (data, parameter.Limb, parameter.Width),
            _ => (null, 0, 0),
        };
        return array is null ? null
            : [.. Enumerable.Range(first, FieldLayout.LimbsOf(width)).Select(i => Expression.ArrayIndex(array, Constant(i)))];
    }

    private static Expression Read(Expression array, Expression limb, int width, bool signed, bool wide)
    {
        var low = Expression.ArrayIndex(array, limb);
        if (width <= 64)
        {
            return (wide, signed) switch
            {
                (false, false) => low,
                (false, true) => Call(nameof(WideMath.ExtendSign), low, Constant(width)),
                (true, false) => Expression.Convert(low, typeof(UInt128)),
                (true, true) => Call(nameof(WideMath.ExtendSignWide), low, Constant(width)),
            };
        }

        if (!wide)
        {
            return low;
        }

        var both = Expression.New(
            typeof(UInt128).GetConstructor([typeof(ulong), typeof(ulong)])!, Expression.ArrayIndex(array, Expression.Increment(limb)), low);
        return signed && width < 128 ? Call(nameof(WideMath.ExtendSign), both, Constant(width)) : both;
    }

    private BinaryExpression Position(Node.StackField field)
    {
        var index = field.Index is null ? Expression.Subtract(Limb(field.Stack.NextLimb), Expression.Constant(1UL)) : Index(field.Index);
        var start = Call(nameof(WideMath.ElementBase), Expression.Constant(field.Stack.Bases), index, Constant(layout.NowhereLimb));
        return Expression.Add(start, Constant(field.LimbInElement));
    }

    private Expression Modular(Node.Operation node, bool wide)
    {
        Expression Left() => Modular(node.Left!, wide);
        Expression Right() => Modular(node.Right, wide);
        switch (node.Operator)
        {
            case Operator.Add:
                return Expression.Add(Left(), Right());
            case Operator.Subtract:
                return Expression.Subtract(Left(), Right());
            case Operator.Multiply:
                return Expression.Multiply(Left(), Right());
            case Operator.BitAnd when wide && NumberRange.Of(node) is { Signed: false, Bits: <= 64 }:
                return Expression.Convert(Modular(node, wide: false), typeof(UInt128));
            case Operator.BitAnd:
                return MasksNothing(node) ? Left() : Expression.And(Left(), Right());
            case Operator.BitOr:
                return Expression.Or(Left(), Right());
            case Operator.BitXor:
                return Expression.ExclusiveOr(Left(), Right());
            case Operator.Complement:
                return Expression.OnesComplement(Right());
            case Operator.Choose:
                return Expression.Condition(Condition(node.Condition!), Left(), Right());
            case Operator.ShiftLeft:
                return node.Right is Node.Number { Value: var amount }
                    ? amount >= (wide ? 128 : 64) ? Zero(wide) : Expression.LeftShift(Left(), Constant((int)amount))
                    : Call(nameof(WideMath.Left), Left(), Index(node.Right));
            case Operator.WrapSigned:
                var width = (int)((Node.Number)node.Right).Value;
                return (wide, width) switch
                {
                    (false, >= 64) or (true, >= 128) => Left(),
                    (true, <= 64) => Call(nameof(WideMath.ExtendSignWide), Modular(node.Left!, wide: false), Constant(width)),
                    _ => Call(nameof(WideMath.ExtendSign), Left(), Constant(width)),
                };
            case Operator.ShiftRight when IsSlice(node):
                var from = (int)((Node.Number)node.Right).Value;
                var limbs = Limbs(node.Left!)!;
                return wide
                    ? Expression.New(typeof(UInt128).GetConstructor([typeof(ulong), typeof(ulong)])!, Slice(limbs, from + 64), Slice(limbs, from))
                    : Slice(limbs, from);
            case Operator.ShiftRight or Operator.Divide or Operator.Remainder or Operator.SaturateSigned or Operator.SaturateUnsigned:
                return Truncate(ExactOnly(node), wide);
            default:
                return Expression.Condition(node.Operator == Operator.FromBool ? Condition(node.Right) : Condition(node), One(wide), Zero(wide));
        }
    }

    /// <summary>
    /// A wide unsigned field that is shifted right by a constant, as p4c writes the parts of a header that a parser looks ahead at: its limbs give the result.
    /// </summary>
    private static bool IsSlice(Node node) => node is Node.Operation { Operator: Operator.ShiftRight, Right: Node.Number { Value.Sign: >= 0 } amount } shift
        && amount.Value < 1 << 16
        && shift.Left is Node.Field { Layout: { Width: > 64, Signed: false } } or Node.Parameter { Width: > 64 };

    /// <summary>The 64 bits from a bit on.</summary>
    private static Expression Slice(Expression[] limbs, int from)
    {
        Expression Limb(int index) => index < limbs.Length ? limbs[index] : Expression.Constant(0UL);
        var (index, bit) = (from / 64, from % 64);
        return bit == 0
            ? Limb(index)
            : Expression.Or(
                Expression.RightShift(Limb(index), Constant(bit)), Expression.LeftShift(Limb(index + 1), Constant(64 - bit)));
    }

    /// <summary>p4c masks generously; a mask that covers all the left side can have does nothing.</summary>
    private static bool MasksNothing(Node.Operation node) => node.Right is Node.Number { Value: var mask }
        && NumberRange.Of(node.Left!) is { Signed: false, Bits: var bits } && mask.Sign > 0 && mask == (BigInteger.One << (int)mask.GetBitLength()) - 1
        && mask.GetBitLength() >= bits;

    private Expression ExactOnly(Node.Operation node)
    {
        if (node.Operator == Operator.ShiftRight)
        {
            return Call(nameof(WideMath.Right), Exact(node.Left!), Index(node.Right));
        }

        if (node.Operator is Operator.Divide or Operator.Remainder)
        {
            var (left, right) = Alike(node.Left!, node.Right);
            return Call(node.Operator == Operator.Divide ? nameof(WideMath.Divide) : nameof(WideMath.Remainder), left, right);
        }

        var exact = Exact(node.Left!);
        var range = NumberRange.Of(node.Left!);
        var width = (int)((Node.Number)node.Right).Value;
        var type = exact.Type != typeof(BigInteger) && range.AsSigned.Bits <= 128 && width < 127 ? typeof(Int128) : typeof(BigInteger);
        var clamp = node.Operator == Operator.SaturateSigned ? nameof(WideMath.ClampSigned) : nameof(WideMath.ClampUnsigned);
        var clamped = Call(clamp, Expression.Convert(exact, type), Constant(width));
        return node.Operator == Operator.SaturateUnsigned && width <= 64 ? Expression.Convert(clamped, typeof(ulong)) : clamped;
    }

    private static Expression Truncate(Expression value, bool wide)
    {
        var target = wide ? typeof(UInt128) : typeof(ulong);
        if (value.Type == typeof(BigInteger))
        {
            // The conversion of BigInteger throws for a value that does not fit, so it is cut first.
            value = Expression.And(value, Expression.Constant(wide ? (BigInteger)UInt128.MaxValue : ulong.MaxValue));
        }

        return value.Type == target ? value : Expression.Convert(value, target);
    }

    private static BinaryExpression IsWithin64(Expression value) => Expression.AndAlso(
        Expression.GreaterThanOrEqual(value, Expression.Convert(Expression.Constant(0UL), value.Type)),
        Expression.LessThanOrEqual(value, Expression.Convert(Expression.Constant(ulong.MaxValue), value.Type)));

    private (Expression Left, Expression Right) Alike(Node left, Node right)
    {
        var (first, second) = (Exact(left), Exact(right));
        if (first.Type == second.Type)
        {
            return (first, second);
        }

        var type = (NumberRange.Of(left), NumberRange.Of(right)) switch
        {
            _ when first.Type == typeof(BigInteger) || second.Type == typeof(BigInteger) => typeof(BigInteger),
            ({ Signed: false }, { Signed: false }) => typeof(UInt128),
            var (a, b) when a.AsSigned.Bits <= 128 && b.AsSigned.Bits <= 128 => typeof(Int128),
            _ => typeof(BigInteger),
        };
        return (Expression.Convert(first, type), Expression.Convert(second, type));
    }

    private Expression Condition(Node.Operation node)
    {
        switch (node.Operator)
        {
            case Operator.And:
                return Expression.AndAlso(Condition(node.Left!), Condition(node.Right));
            case Operator.Or:
                return Expression.OrElse(Condition(node.Left!), Condition(node.Right));
            case Operator.Not:
                return Expression.Not(Condition(node.Right));
            case Operator.SameBool:
                return Expression.Equal(Condition(node.Left!), Condition(node.Right));
            case Operator.DifferentBool:
                return Expression.NotEqual(Condition(node.Left!), Condition(node.Right));
            case Operator.ToBool:
                return IsNonZero(node.Right);
            case Operator.Equal or Operator.NotEqual or Operator.Less or Operator.LessOrEqual or Operator.Greater or Operator.GreaterOrEqual:
                var (left, right) = Alike(node.Left!, node.Right);
                return Expression.MakeBinary(Comparison(node.Operator), left, right);
            default:
                return IsNonZero(node);
        }
    }

    private static ExpressionType Comparison(Operator code)
    {
        switch (code)
        {
            case Operator.Equal:
                return ExpressionType.Equal;
            case Operator.NotEqual:
                return ExpressionType.NotEqual;
            case Operator.Less:
                return ExpressionType.LessThan;
            case Operator.LessOrEqual:
                return ExpressionType.LessThanOrEqual;
            case Operator.Greater:
                return ExpressionType.GreaterThan;
            case Operator.GreaterOrEqual:
                return ExpressionType.GreaterThanOrEqual;
            default:
                throw new UnreachableException();
        }
    }

    private Expression IsNonZero(Node node)
    {
        if (node.IsBoolean)
        {
            return Condition(node);
        }

        var exact = Exact(node);
        return Expression.NotEqual(exact, exact.Type == typeof(ulong) ? Expression.Constant(0UL) : Expression.Convert(Expression.Constant(0UL), exact.Type));
    }

    private Expression Big(Node node)
    {
        switch (node)
        {
            case Node.Number number:
                return Expression.Constant(number.Value);
            case Node.Field field:
                return Load(fields, Constant(field.Layout.Limb), field.Layout.Width, field.Layout.Signed);
            case Node.StackField field:
                return Load(fields, Position(field), field.Shape.Width, field.Shape.Signed);
            case Node.Parameter parameter:
                return Load(data, Constant(parameter.Limb), parameter.Width, false);
            case Node.Operation { Operator: Operator.Add } operation:
                return Expression.Add(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.Subtract } operation:
                return Expression.Subtract(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.Multiply } operation:
                return Expression.Multiply(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.BitAnd } operation:
                return Expression.And(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.BitOr } operation:
                return Expression.Or(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.BitXor } operation:
                return Expression.ExclusiveOr(Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.Complement } operation:
                return Expression.OnesComplement(Big(operation.Right));
            case Node.Operation { Operator: Operator.Choose } operation:
                return Expression.Condition(Condition(operation.Condition!), Big(operation.Left!), Big(operation.Right));
            case Node.Operation { Operator: Operator.ShiftLeft } operation:
                return Call(nameof(WideMath.Left), Big(operation.Left!), Index(operation.Right));
            case Node.Operation { Operator: Operator.ShiftRight } operation:
                return Call(nameof(WideMath.Right), Big(operation.Left!), Index(operation.Right));
            case Node.Operation { Operator: Operator.WrapSigned } operation:
                return Call(nameof(WideMath.WrapSigned), Big(operation.Left!), Constant((int)((Node.Number)operation.Right).Value));
            default:
                var exact = Exact(node);
                return exact.Type == typeof(BigInteger) ? exact : Expression.Convert(exact, typeof(BigInteger));
        }
    }

    private static MethodCallExpression Load(Expression array, Expression limb, int width, bool signed) =>
        Call(nameof(WideMath.Load), array, limb, Constant(width), Expression.Constant(signed));
}
