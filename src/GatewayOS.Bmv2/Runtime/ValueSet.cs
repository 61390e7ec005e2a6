namespace GatewayOS.Bmv2.Runtime;

/// <summary>The values that the control plane wants a parser to recognise.</summary>
internal sealed class ValueSet(string name, int width, int size)
{
    public string Name => name;

    /// <summary>Of all fields of the key together, without padding.</summary>
    public int Width => width;

    public int Size => size;

    /// <summary>Replaced as a whole.</summary>
    public (UInt128 Value, UInt128 Mask)[] Members { get; set; } = [];

    public bool Contains(UInt128 key)
    {
        foreach (var (value, mask) in Members)
        {
            if ((key & mask) == value)
            {
                return true;
            }
        }

        return false;
    }
}
