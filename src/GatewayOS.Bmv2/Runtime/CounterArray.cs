namespace GatewayOS.Bmv2.Runtime;

/// <summary>Counts packets and octets under indices.</summary>
internal sealed class CounterArray(string name, int size)
{
    private readonly long[] _values = new long[size * 2];

    public string Name => name;

    public int Size => size;

    /// <summary>Counts a packet; an index out of bounds counts nothing.</summary>
    public void Count(ulong index, int octets)
    {
        if (index < (ulong)size)
        {
            _values[index * 2]++;
            _values[index * 2 + 1] += octets;
        }
    }

    public CounterValue this[int index]
    {
        get => new(_values[index * 2], _values[index * 2 + 1]);
        set => (_values[index * 2], _values[index * 2 + 1]) = (value.Packets, value.Octets);
    }
}
