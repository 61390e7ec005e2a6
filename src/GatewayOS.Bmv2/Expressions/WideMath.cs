using System.Numerics;

namespace GatewayOS.Bmv2.Expressions;

/// <summary>Arithmetic that compiled expressions call where one operator is not enough. A shift by the width or more leaves no bit.</summary>
internal static class WideMath
{
    public static ulong Left(ulong value, ulong amount) => amount >= 64 ? 0 : value << (int)amount;

    public static UInt128 Left(UInt128 value, ulong amount) => amount >= 128 ? 0 : value << (int)amount;

    public static ulong Right(ulong value, ulong amount) => amount >= 64 ? 0 : value >> (int)amount;

    public static UInt128 Right(UInt128 value, ulong amount) => amount >= 128 ? 0 : value >> (int)amount;

    public static Int128 Right(Int128 value, ulong amount) => value >> (int)Math.Min(amount, 127);

    public static BigInteger Left(BigInteger value, ulong amount) => value << (int)Math.Min(amount, 1 << 16);

    public static BigInteger Right(BigInteger value, ulong amount) => value >> (int)Math.Min(amount, int.MaxValue);

    // bmv2 stops the whole switch at a division by zero; P4 leaves the result open, and 0 keeps packets flowing.
    public static ulong Divide(ulong left, ulong right) => right == 0 ? 0 : left / right;

    public static UInt128 Divide(UInt128 left, UInt128 right) => right == 0 ? 0 : left / right;

    public static Int128 Divide(Int128 left, Int128 right) => right == 0 ? 0 : left / right;

    public static BigInteger Divide(BigInteger left, BigInteger right) => right == BigInteger.Zero ? BigInteger.Zero : left / right;

    public static ulong Remainder(ulong left, ulong right) => right == 0 ? 0 : left % right;

    public static UInt128 Remainder(UInt128 left, UInt128 right) => right == 0 ? 0 : left % right;

    public static Int128 Remainder(Int128 left, Int128 right) => right == 0 ? 0 : left % right;

    public static BigInteger Remainder(BigInteger left, BigInteger right) => right == BigInteger.Zero ? BigInteger.Zero : left % right;

    public static BigInteger ClampUnsigned(BigInteger value, int width) =>
        BigInteger.Clamp(value, BigInteger.Zero, (BigInteger.One << width) - 1);

    public static BigInteger ClampSigned(BigInteger value, int width) =>
        BigInteger.Clamp(value, -(BigInteger.One << (width - 1)), (BigInteger.One << (width - 1)) - 1);

    public static Int128 ClampUnsigned(Int128 value, int width) =>
        Int128.Clamp(value, 0, width >= 127 ? Int128.MaxValue : (Int128.One << width) - 1);

    public static Int128 ClampSigned(Int128 value, int width) =>
        width >= 128 ? value : Int128.Clamp(value, -(Int128.One << (width - 1)), (Int128.One << (width - 1)) - 1);

    public static BigInteger WrapSigned(BigInteger value, int width)
    {
        var low = value & ((BigInteger.One << width) - 1);
        return low >> (width - 1) == 1 ? low - (BigInteger.One << width) : low;
    }

    public static ulong ExtendSign(ulong value, int width) => (ulong)((long)(value << (64 - width)) >> (64 - width));

    public static UInt128 ExtendSign(UInt128 value, int width) => (UInt128)((Int128)(value << (128 - width)) >> (128 - width));

    public static UInt128 ExtendSignWide(ulong value, int width) => (UInt128)(Int128)(long)ExtendSign(value, width);

    public static BigInteger Load(ulong[] limbs, int index, int width, bool signed)
    {
        var value = BigInteger.Zero;
        for (var i = (width + 63) / 64 - 1; i >= 0; i--)
        {
            value = value << 64 | limbs[index + i];
        }

        return signed ? WrapSigned(value, width) : value;
    }

    /// <summary>Stores the low bits of a value of any sign.</summary>
    public static void Store(BigInteger value, ulong[] limbs, int index, int width)
    {
        value &= (BigInteger.One << width) - 1;
        for (var i = 0; i < (width + 63) / 64; i++)
        {
            limbs[index + i] = (ulong)(value & ulong.MaxValue);
            value >>= 64;
        }
    }

    public static bool SameLimbs(ulong[] limbs, int left, int right, int count) =>
        limbs[left] == 1 && limbs.AsSpan(left, count).SequenceEqual(limbs.AsSpan(right, count));

    /// <summary>The first limb of a stack element, or of nowhere when there is no such element.</summary>
    public static int ElementBase(int[] bases, ulong index, int nowhere) => index < (ulong)bases.Length ? bases[index] : nowhere;
}
