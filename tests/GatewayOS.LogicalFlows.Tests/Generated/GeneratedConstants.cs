using System.Globalization;
using GatewayOS.Testing;

namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>Constants and field names in all spellings of the language.</summary>
internal sealed class GeneratedConstants(Dice dice)
{
    // Of every ten, how many constants fit the field that they are for.
    private const int Fitting = 9;

    private static readonly Field[] s_fields = [.. SymbolTable.For(LanguageVersion.Newest).Fields];
    private static readonly Field[] s_values = [.. s_fields.Where(field => !field.IsPredicate)];
    private static readonly Field[] s_ordinal = [.. s_values.Where(field => field.Level == FieldLevel.Ordinal)];
    private static readonly Field[] s_stored = [.. s_fields.Where(field => !field.IsPredicate && !field.IsString)];

    private static readonly string[] s_ipv6 =
        ["::", "::1", "fd00::1", "fe80::1", "ff02::1:ff00:0", "2001:db8::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "fe80::1::f0:ff:fe00:1", "fd00::1:80"];

    public Field AnyField() => dice.Pick(s_fields);

    /// <summary>No predicate.</summary>
    public Field ValueField() => dice.Pick(s_values);

    /// <summary>One of which order, masks and parts may be asked.</summary>
    public Field OrdinalField() => dice.Pick(s_ordinal);

    /// <summary>The name of a field with bits, or of a part of one.</summary>
    public string Bits()
    {
        var field = dice.Pick(s_stored);
        return dice.Percent(30) ? field.Name + Part(field.Width) : field.Name;
    }

    /// <summary>What is as wide as asked, most of the time.</summary>
    public string BitsOf(int width)
    {
        if (dice.Percent(100 / Fitting))
        {
            return Bits();
        }

        var fields = s_stored.Where(field => field.Width >= width).ToArray();
        var field = dice.Pick(fields);
        if (field.Width == width)
        {
            return field.Name;
        }

        var low = dice.Below(field.Width - width + 1);
        return width == 1 ? $"{field.Name}[{Text(low)}]" : $"{field.Name}[{Text(low)}..{Text(low + width - 1)}]";
    }

    public string Port() => dice.OneOf("inport", "outport", "inport", "outport", "remote_outport");

    public string PortName() => dice.OneOf("\"lsp1\"", "\"lsp2\"", "\"eth0\"", "\"\"", "\"a\\\"b\"", "\"\\u00e9\"");

    /// <summary><c>[3]</c>, <c>[0..7]</c>, or one that a field so wide does not have.</summary>
    public string Part(int width)
    {
        var limit = dice.Percent(5) ? width + 3 : Math.Max(width, 1);
        var (low, high) = (dice.Below(limit), dice.Below(limit));
        return dice.Percent(50) ? $"[{Text(low)}]" : dice.Percent(97) ? $"[{Text(Math.Min(low, high))}..{Text(Math.Max(low, high))}]" : $"[{Text(low)}..{Text(high)}]";
    }

    public string For(Field field) => For(field.Width, field.IsString);

    public string For(int width, bool isString = false)
    {
        if (!dice.Percent(10 * Fitting))
        {
            (width, isString) = (dice.OneOf(1, 8, 16, 32, 48, 64, 128), dice.Percent(10));
        }

        return isString ? PortName()
            : width == 32 && dice.Percent(70) ? Masked(IPv4(), 32)
            : width == 48 && dice.Percent(70) ? dice.Percent(80) ? Mac() : $"{Mac()}/{Mac()}"
            : width == 128 && dice.Percent(70) ? Masked(IPv6(), 128)
            : dice.Percent(85) ? Number(width) : $"{Number(width)}/{Number(width)}";
    }

    public string IPv4() => dice.Percent(3) ? dice.OneOf("1.2.3", "1.2.3.256", "1.2.3.4.5", "01.2.3.4")
        : string.Join('.', Enumerable.Range(0, 4).Select(_ => Text(dice.OneOf(0, 1, 10, 127, 192, 255, dice.Below(256)))));

    public string IPv6() => dice.Percent(60) ? dice.Pick(s_ipv6)
        : string.Join(':', Enumerable.Range(0, 8).Select(_ => Hex(dice.Below(0x10000)))) + (dice.Percent(3) ? ":" : "");

    public string Mac() =>
        dice.Percent(2) ? "00:00:00:00:00" : string.Join(':', Enumerable.Range(0, 6).Select(_ => dice.OneOf(0, 0xff, dice.Below(256)).ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>A number of so many bits, rarely one more; decimal or hexadecimal.</summary>
    public string Number(int width)
    {
        var bits = Math.Max(1, dice.Percent(4) ? width + 1 : 1 + dice.Below(Math.Max(1, width)));
        var value = ((UInt128)dice.Next() << 64 | dice.Next()) >> (128 - Math.Min(128, bits));
        return dice.Percent(50) && bits <= 64 ? value.ToString(CultureInfo.InvariantCulture) : dice.OneOf("0x", "0X") + value.ToString("x", CultureInfo.InvariantCulture);
    }

    public string Word(params ReadOnlySpan<string> words) => dice.OneOf(words);

    private string Masked(string address, int width) =>
        dice.Percent(70) ? address : dice.Percent(80) ? $"{address}/{Text(dice.Below(width + 2))}" : $"{address}/{(width == 32 ? IPv4() : IPv6())}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Hex(int number) => number.ToString("x", CultureInfo.InvariantCulture);
}
