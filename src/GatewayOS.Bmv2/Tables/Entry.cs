using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>An entry of a table in the form that packets are matched against.</summary>
internal sealed class Entry : LimbNode<Entry>
{
    /// <param name="shape">The key of the table.</param>
    /// <param name="value">The limbs of the key; bits outside the mask are 0.</param>
    /// <param name="mask">The mask over the limbs that are not exact.</param>
    /// <param name="ranges">What else has to hold, or null.</param>
    /// <param name="priority">The larger wins; in a table of prefixes the length of the prefix.</param>
    public Entry(KeyShape shape, ulong[] value, ulong[] mask, RangeTest[]? ranges, int priority)
        : base(value, mask.Length == 0 ? 0 : shape.ExactLimbs, mask.Length == 0 ? value.Length : mask.Length)
    {
        (Value, Mask, Ranges, Priority) = (value, mask, ranges, priority);
    }

    public ulong[] Value { get; }

    public ulong[] Mask { get; }

    public RangeTest[]? Ranges { get; }

    public int Priority { get; }

    /// <summary>Breaks a tie between priorities: the entry that came first wins.</summary>
    public long Sequence { get; set; }

    public required Binding Binding { get; set; }

    public bool IsConstant { get; init; }

    public long Packets;

    public long Octets;

    public Meter? Meter { get; set; }

    /// <summary>Microseconds; 0 for none.</summary>
    public long IdleTimeout { get; set; }

    /// <summary>When a packet last matched, or the entry was written.</summary>
    public long LastHit;

    /// <summary>Whether the controller was told that the entry is idle since it last was hit.</summary>
    public bool IdleReported;

    public bool RangesHold(ulong[] key)
    {
        foreach (ref readonly var range in Ranges.AsSpan())
        {
            var value = key[range.Limb] >> range.Shift & range.Full;
            if (value < range.Low || value > range.High)
            {
                return false;
            }
        }

        return true;
    }

    public bool BeatenBy(Entry other) => other.Priority != Priority ? other.Priority > Priority : other.Sequence < Sequence;
}
