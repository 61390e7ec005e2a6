using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>One packet on its way through the pipeline: its octets, its fields, and what the program has asked for.</summary>
/// <remarks>Made once and used for many packets. All fields are public for the compiled code, which reaches them directly.</remarks>
internal sealed class PacketState
{
    /// <summary>Octets that may be read past the end of a packet: a field is read by loads of 8.</summary>
    public const int Padding = 16;

    public PacketState(ProgramLayout layout, StatefulObjects objects, int keyLimbs)
    {
        Fields = new ulong[layout.LimbCount];
        Variable = new byte[layout.VariableSize + Padding];
        Key = new ulong[Math.Max(keyLimbs, 1)];
        Scratch = new ulong[Math.Max(keyLimbs, 1)];
        Objects = objects;
    }

    /// <summary>Every field of every header; see <see cref="FieldLayout"/>.</summary>
    public ulong[] Fields;

    /// <summary>The octets of fields of variable size.</summary>
    public byte[] Variable;

    /// <summary>The packet as received, then <see cref="Padding"/> zeros.</summary>
    public byte[] Packet = new byte[2048 + Padding];

    /// <summary>Where the packet ends in <see cref="Packet"/>.</summary>
    public int End;

    /// <summary>What the parser reads next; after it, where the payload starts.</summary>
    public int Cursor;

    /// <summary>The length of the packet when it came in; counters and meters count this.</summary>
    public int IngressLength;

    /// <summary>bmv2's idea of the present length: it changes when headers are added and removed.</summary>
    public int Length;

    public int IngressPort;

    /// <summary>No more octets than this leave, counted without the headers the deparser adds.</summary>
    public int TruncatedLength;

    public ulong ParserError;
    public bool ChecksumError;
    public bool Exit;

    /// <summary>-1, or the mirror session to clone to.</summary>
    public int CloneSession;

    /// <summary>The field list of the clone, 0 for none.</summary>
    public int CloneFieldList;

    /// <summary>0, or the field list that goes with a resubmitted packet; likewise the next two.</summary>
    public int ResubmitFieldList;
    public int RecirculateFieldList;
    public int DigestList;

    /// <summary>The time the packet came in, in microseconds since the switch started.</summary>
    public long Now;

    /// <summary>The limbs of the key of the table being applied.</summary>
    public ulong[] Key;

    /// <summary>Room for a masked key.</summary>
    public ulong[] Scratch;

    /// <summary>Room for the input of a hash or checksum.</summary>
    public BitBuffer Input = new();

    public StatefulObjects Objects;

    /// <summary>Collects what happens, or null.</summary>
    public PacketTrace? Trace;

    public int PayloadLength => Math.Min(End - Cursor, TruncatedLength);

    public void Load(ReadOnlySpan<byte> packet)
    {
        if (Packet.Length < packet.Length + Padding)
        {
            Packet = new byte[packet.Length * 2 + Padding];
        }

        packet.CopyTo(Packet);
        Packet.AsSpan(packet.Length, Padding).Clear();
        End = packet.Length;
        Cursor = 0;
        TruncatedLength = int.MaxValue;
    }

    /// <summary>All fields 0, all headers invalid, nothing asked for.</summary>
    public void Clear()
    {
        Array.Clear(Fields);
        ClearRequests();
        ParserError = 0;
        ChecksumError = false;
    }

    public void ClearRequests()
    {
        Exit = false;
        CloneSession = -1;
        CloneFieldList = 0;
        ResubmitFieldList = 0;
        RecirculateFieldList = 0;
        DigestList = 0;
    }

    /// <summary>Becomes a copy of <paramref name="other"/> that shares nothing with it and has asked for nothing.</summary>
    public void CopyFrom(PacketState other)
    {
        Load(other.Packet.AsSpan(0, other.Cursor + other.PayloadLength));
        Cursor = other.Cursor;
        other.Fields.CopyTo(Fields, 0);
        other.Variable.CopyTo(Variable, 0);
        ClearRequests();
        IngressLength = other.IngressLength;
        Length = other.Length;
        IngressPort = other.IngressPort;
        ParserError = other.ParserError;
        ChecksumError = other.ChecksumError;
        Now = other.Now;
        Trace = other.Trace;
    }

    /// <summary>Holds the first octets of another packet and starts to read them anew.</summary>
    public void Rewind(int length, PacketState other)
    {
        Load(other.Packet.AsSpan(0, length));
        Cursor = 0;
    }
}
