namespace GatewayOS.Connections.Tracking;

/// <summary>Records by number, in chunks that never move: growing copies nothing, and no record is an object of its own.</summary>
internal sealed class ConnectionTable
{
    private const int ChunkBits = 13;
    private const int ChunkLength = 1 << ChunkBits;
    private const int None = -1;

    private readonly List<ConnectionRecord[]> _chunks = [];
    private int _firstFree = None;
    private int _length;

    /// <summary>Records in use.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers that are or were in use: 0 to this.</summary>
    public int Length => _length;

    public ref ConnectionRecord this[int number] => ref _chunks[number >> ChunkBits][number & ChunkLength - 1];

    public int Add(in ConnectionRecord record)
    {
        var number = _firstFree;
        if (number != None)
        {
            _firstFree = this[number].Dump;
        }
        else
        {
            number = _length++;
            if (number >> ChunkBits == _chunks.Count)
            {
                _chunks.Add(GC.AllocateUninitializedArray<ConnectionRecord>(ChunkLength));
            }
        }

        this[number] = record;
        Count++;
        return number;
    }

    public void Free(int number)
    {
        this[number] = new ConnectionRecord { Protocol = TransportProtocol.None, Dump = _firstFree };
        _firstFree = number;
        Count--;
    }
}
