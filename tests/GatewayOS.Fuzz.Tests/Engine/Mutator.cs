using System.Text;

namespace GatewayOS.Fuzz.Tests.Engine;

/// <summary>Makes inputs of others: by octets, by words of the language, by repetition, by joining two.</summary>
internal sealed class Mutator(SeededNumbers numbers, IReadOnlyList<string> pieces)
{
    /// <summary>Deep nesting and long lists come from repetition; more octets than this show nothing new.</summary>
    public const int MaximumSize = 1 << 15;

    private static readonly string[] s_numbers =
        ["0", "-1", "1", "255", "256", "4095", "65535", "65536", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "1e400", "0.5", "0x"];

    private readonly byte[][] _words = [.. pieces.Concat(s_numbers).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Changes an input in one to six places.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> pool)
    {
        var input = numbers.Pick(pool).ToList();
        for (var changes = 1 + numbers.Next(6); changes > 0; changes--)
        {
            Change(input, pool);
        }

        if (input.Count > MaximumSize)
        {
            input.RemoveRange(MaximumSize, input.Count - MaximumSize);
        }

        return [.. input];
    }

    private void Change(List<byte> input, IReadOnlyList<byte[]> pool)
    {
        var at = numbers.Next(input.Count + 1);
        var length = Math.Min(numbers.Next(1 << numbers.Next(7)), input.Count - at);
        switch (numbers.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << numbers.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)numbers.Next(256);
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(numbers.Next(input.Count + 1), input.GetRange(at, length));
                break;
            case 4:
                Repeat(input, at, numbers.Next(4) == 0 ? input.GetRange(at, length) : [.. numbers.Pick(_words)]);
                break;
            case 5:
                var other = numbers.Pick(pool);
                var from = numbers.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, numbers.Next(other.Length - from + 1)).ToArray());
                break;
            case 6:
                input.RemoveRange(at, length);
                input.InsertRange(at, numbers.Pick(_words));
                break;
            case 7 when numbers.Next(8) == 0:
                input.RemoveRange(at, input.Count - at);
                break;
            default:
                input.InsertRange(at, numbers.Pick(_words));
                break;
        }
    }

    private void Repeat(List<byte> input, int at, List<byte> word)
    {
        var times = Math.Min(1 << numbers.Next(14), MaximumSize / Math.Max(1, word.Count));
        input.InsertRange(at, Enumerable.Repeat(word, times).SelectMany(octets => octets));
    }
}
