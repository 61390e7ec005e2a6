namespace GatewayOS.Compiler.Symbolic;

/// <summary>Collects which facts of the state that it began with an evaluation asks for.</summary>
/// <remarks>What the evaluation wrote itself and then asks for is no question to the state it began with.</remarks>
public sealed class ReadLog
{
    private readonly List<int> _roots = [];
    private UInt128[] _masks = new UInt128[32];
    private readonly SortedSet<string> _inPorts = new(StringComparer.Ordinal);
    private Marks _marks;

    public void Add(Marks marks) => _marks |= marks;

    /// <summary>Whether the packet came by this logical port.</summary>
    public void AddInPort(string name)
    {
        if ((_marks & Marks.InPort) == Marks.None)
        {
            _inPorts.Add(name);
        }
    }

    public void Add(int root, UInt128 mask)
    {
        if (mask == 0)
        {
            return;
        }

        if (root >= _masks.Length)
        {
            Array.Resize(ref _masks, Math.Max(root + 1, 2 * _masks.Length));
        }

        if (_masks[root] == 0)
        {
            _roots.Add(root);
        }

        _masks[root] |= mask;
    }

    /// <summary>What an evaluation that went on from <paramref name="state"/> asked for, less what this one had written by then.</summary>
    public void Add(ReadSet later, SymbolicState state)
    {
        _marks |= later.Marks & ~state.WrittenMarks;
        if (later.InPorts.Length > 0 && (state.WrittenMarks & Marks.InPort) == Marks.None)
        {
            foreach (var name in later.InPorts)
            {
                AddInPort(name);
            }
        }

        foreach (var (root, mask) in later.Fields)
        {
            Add(root, mask & ~state.WrittenBits(root));
        }
    }

    /// <summary>What was asked for; the log is empty afterwards.</summary>
    public (Marks Marks, string[] InPorts, (int Root, UInt128 Mask)[] Fields) Take()
    {
        _roots.Sort();
        var fields = new (int, UInt128)[_roots.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = (_roots[i], _masks[_roots[i]]);
            _masks[_roots[i]] = 0;
        }

        var (marks, inPorts) = (_marks, _inPorts.Count == 0 || (_marks & Marks.InPort) != Marks.None ? [] : _inPorts.ToArray());
        _roots.Clear();
        _inPorts.Clear();
        _marks = Marks.None;
        return (marks, inPorts, fields);
    }
}
