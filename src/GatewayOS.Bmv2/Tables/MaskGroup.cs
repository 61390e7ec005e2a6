namespace GatewayOS.Bmv2.Tables;

/// <summary>The entries of a partition that share a mask, found by their masked key.</summary>
internal sealed class MaskGroup(ulong[] mask)
{
    public ulong[] Mask => mask;

    public LimbMap<Entry> Entries { get; } = new();

    /// <summary>No entry of the group has a higher priority; after removals it may be too high, which costs only time.</summary>
    public int MaxPriority { get; set; } = int.MinValue;
}
