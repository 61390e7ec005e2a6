namespace GatewayOS.Bmv2.Runtime;

/// <summary>Meters under indices, all of packets or all of octets. Meters exist once they are configured.</summary>
internal sealed class MeterArray(string name, int size, bool countsOctets)
{
    private readonly Dictionary<int, Meter> _meters = [];

    public string Name => name;

    public int Size => size;

    public bool CountsOctets => countsOctets;

    public Meter this[int index]
    {
        get
        {
            if (!_meters.TryGetValue(index, out var meter))
            {
                _meters[index] = meter = new Meter();
            }

            return meter;
        }
    }

    /// <summary>Stores the colour in a field; an index out of bounds stores nothing.</summary>
    public void Execute(ulong index, PacketState state, int limb)
    {
        if (index < (ulong)size)
        {
            state.Fields[limb] = _meters.TryGetValue((int)index, out var meter)
                ? meter.Execute(countsOctets ? state.IngressLength : 1, state.Now)
                : 0;
        }
    }
}
