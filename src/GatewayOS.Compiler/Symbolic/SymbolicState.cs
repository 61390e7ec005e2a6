using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>What is known of a packet at one place of the logical pipelines. Immutable.</summary>
/// <remarks>
/// Whatever is asked of a state is noted in the log of the evaluation that asks, unless that evaluation has written it itself: so evaluations
/// that asked for the same and got the same are one (<see cref="ReadSet"/>).
/// </remarks>
public sealed class SymbolicState
{
    private readonly RootCatalog _roots;
    private readonly ReadLog? _log;
    private readonly Fact[] _facts;
    private readonly string? _in;
    private readonly string? _out;
    private readonly Passage _passage;
    private readonly KindSet _cleared;

    /// <param name="roots">The fields and what they hold when a packet comes in.</param>
    /// <param name="inPort">The logical input port; null when any (a tunnel entry shared by all input ports).</param>
    /// <param name="outPort">The logical output port or multicast group; empty when not decided; null when not known at compile time.</param>
    /// <param name="passage">What the packet brings along.</param>
    public SymbolicState(RootCatalog roots, string? inPort, string? outPort, Passage passage)
        : this(roots, null, [], inPort, outPort, passage, Marks.None, default)
    {
    }

    private SymbolicState(
        RootCatalog roots, ReadLog? log, Fact[] facts, string? inPort, string? outPort, Passage passage, Marks written, KindSet cleared)
    {
        (_roots, _log, _facts, _in, _out, _passage) = (roots, log, facts, inPort, outPort, passage);
        (WrittenMarks, _cleared) = (written, cleared);
    }

    public PacketClass Class => _roots.Class;

    public string? InPort => Read(Marks.InPort, _in);

    /// <summary>Whether a packet came by this logical port, or null when that is not known: less of a question than by which.</summary>
    public bool? IsInPort(string name)
    {
        if ((WrittenMarks & Marks.InPort) == Marks.None)
        {
            _log?.AddInPort(name);
        }

        return _in is null ? null : _in == name;
    }

    public string? OutPort => Read(Marks.OutPort, _out);

    /// <summary>Where the packet came from physically.</summary>
    public Origin From => Read(Marks.From, _passage.From);

    /// <summary>Patch ports passed so far.</summary>
    public int Crossings => Read(Marks.Crossings, _passage.Crossings);

    /// <summary>TTL decrements so far.</summary>
    public int Routers => Read(Marks.Routers, _passage.Routers);

    public int MaxLength => Read(Marks.MaxLength, _passage.MaxLength);

    public bool InPortHidden => Read(Marks.InPortHidden, _passage.InPortHidden);

    /// <summary>Whether its IP addresses are not those that it came in with.</summary>
    public bool HasOtherAddresses => Read(Marks.HasOtherAddresses, _passage.HasOtherAddresses);

    /// <summary>Whether it came into the datapath by a patch port.</summary>
    public bool ByPatchPort => Read(Marks.ByPatchPort, _passage.ByPatchPort);

    /// <summary>Whether it has passed a meter that the pipeline counts it at first.</summary>
    public bool HasMeter => Read(Marks.HasMeter, _passage.HasMeter);

    /// <summary>Whether it has passed one that the pipeline counts it at then.</summary>
    public bool HasMeter2 => Read(Marks.HasMeter2, _passage.HasMeter2);

    internal Marks WrittenMarks { get; }

    public Bits this[StorageBits bits]
    {
        get
        {
            var root = _roots.IndexOf(bits.Root);
            var (value, written) = Find(root);
            _log?.Add(root, (Bits.Ones(bits.Width) << bits.Offset) & ~written);
            return value.Slice(bits.Offset, bits.Width);
        }
    }

    /// <summary>The same state at the beginning of another evaluation.</summary>
    public SymbolicState Enter(ReadLog? log)
    {
        var kept = 0;
        foreach (var fact in _facts)
        {
            kept += fact.Value.Equals(_roots.Initial(fact.Root)) ? 0 : 1;
        }

        var facts = new Fact[kept];
        kept = 0;
        foreach (var fact in _facts)
        {
            if (!fact.Value.Equals(_roots.Initial(fact.Root)))
            {
                facts[kept++] = fact with { Written = 0 };
            }
        }

        return new(_roots, log, facts, _in, _out, _passage, Marks.None, default);
    }

    public SymbolicState With(StorageBits bits, Bits value) => With([(bits, value)]);

    /// <summary>All of these written, one after the other.</summary>
    public SymbolicState With(params ReadOnlySpan<(StorageBits Bits, Bits Value)> writes)
    {
        Span<int> roots = stackalloc int[writes.Length];
        var added = 0;
        for (var i = 0; i < writes.Length; i++)
        {
            roots[i] = _roots.IndexOf(writes[i].Bits.Root);
            added += At(_facts, roots[i], out _) || roots[..i].Contains(roots[i]) ? 0 : 1;
        }

        var facts = new Fact[_facts.Length + added];
        _facts.AsSpan().CopyTo(facts);
        var count = _facts.Length;
        for (var i = 0; i < writes.Length; i++)
        {
            var (bits, value) = writes[i];
            if (!At(facts.AsSpan(0, count), roots[i], out var at))
            {
                facts.AsSpan(at, count - at).CopyTo(facts.AsSpan(at + 1));
                facts[at] = new Fact(roots[i], _roots.Initial(roots[i]), 0);
                count++;
            }

            facts[at] = facts[at] with { Value = facts[at].Value.With(bits.Offset, value), Written = facts[at].Written | (Bits.Ones(bits.Width) << bits.Offset) };
        }

        return new(_roots, _log, facts, _in, _out, _passage, WrittenMarks, _cleared);
    }

    public SymbolicState WithOutPort(string? name) =>
        new(_roots, _log, _facts, _in, name, _passage, WrittenMarks | Marks.OutPort, _cleared);

    public SymbolicState WithPorts(string? inPort, string? outPort) =>
        new(_roots, _log, _facts, inPort, outPort, _passage, WrittenMarks | Marks.InPort | Marks.OutPort, _cleared);

    /// <summary>One more router has lowered the TTL.</summary>
    public SymbolicState WithRouter() =>
        new(_roots, _log, _facts, _in, _out, _passage with { Routers = Routers + 1 }, WrittenMarks | Marks.Routers, _cleared);

    public SymbolicState WithMeter() =>
        new(_roots, _log, _facts, _in, _out, _passage with { HasMeter = true }, WrittenMarks | Marks.HasMeter, _cleared);

    public SymbolicState WithMeter2() =>
        new(_roots, _log, _facts, _in, _out, _passage with { HasMeter2 = true }, WrittenMarks | Marks.HasMeter2, _cleared);

    /// <summary>One more patch port has been passed.</summary>
    public SymbolicState WithCrossing() =>
        new(_roots, _log, _facts, _in, _out, _passage with { Crossings = Crossings + 1 }, WrittenMarks | Marks.Crossings, _cleared);

    public SymbolicState WithPatchPort(bool isPatch) =>
        new(_roots, _log, _facts, _in, _out, _passage with { ByPatchPort = isPatch }, WrittenMarks | Marks.ByPatchPort, _cleared);

    public SymbolicState WithMaxLength(int length) =>
        new(_roots, _log, _facts, _in, _out, _passage with { MaxLength = Math.Min(MaxLength, length) }, WrittenMarks | Marks.MaxLength, _cleared);

    public SymbolicState WithInPortHidden() =>
        new(_roots, _log, _facts, _in, _out, _passage with { InPortHidden = true }, WrittenMarks | Marks.InPortHidden, _cleared);

    public SymbolicState WithOtherAddresses() =>
        new(_roots, _log, _facts, _in, _out, _passage with { HasOtherAddresses = true }, WrittenMarks | Marks.HasOtherAddresses, _cleared);

    /// <summary>What was known by the fields before a turn is known by those behind it; the fields that change places are yet to be written.</summary>
    public SymbolicState Renamed(Turn turn) =>
        new(_roots, _log, Array.ConvertAll(_facts, fact => fact with { Value = turn.Rename(fact.Value) }), _in, _out, _passage, WrittenMarks, _cleared);

    /// <summary>Forgets what was written to roots of this kind: they hold what they held at entry.</summary>
    public SymbolicState Cleared(RootKind kind)
    {
        var kept = 0;
        foreach (ref readonly var fact in _facts.AsSpan())
        {
            kept += _roots.Kind(fact.Root) == kind ? 0 : 1;
        }

        var facts = kept == _facts.Length ? _facts : new Fact[kept];
        for (int i = 0, j = 0; j < kept && facts != _facts; i++)
        {
            if (_roots.Kind(_facts[i].Root) != kind)
            {
                facts[j++] = _facts[i];
            }
        }

        return new(_roots, _log, facts, _in, _out, _passage, WrittenMarks, _cleared.With(kind));
    }

    internal UInt128 WrittenBits(int root) => Find(root).Written;

    /// <summary>The value of a root, without a trace in the log.</summary>
    internal Bits Peek(int root) => Find(root).Value;

    internal bool AgreesOn(Marks marks, SymbolicState other) =>
        (!Has(marks, Marks.InPort) || _in == other._in)
        && (!Has(marks, Marks.OutPort) || _out == other._out)
        && (!Has(marks, Marks.From) || _passage.From == other._passage.From)
        && (!Has(marks, Marks.Crossings) || _passage.Crossings == other._passage.Crossings)
        && (!Has(marks, Marks.Routers) || _passage.Routers == other._passage.Routers)
        && (!Has(marks, Marks.MaxLength) || _passage.MaxLength == other._passage.MaxLength)
        && (!Has(marks, Marks.InPortHidden) || _passage.InPortHidden == other._passage.InPortHidden)
        && (!Has(marks, Marks.HasOtherAddresses) || _passage.HasOtherAddresses == other._passage.HasOtherAddresses)
        && (!Has(marks, Marks.ByPatchPort) || _passage.ByPatchPort == other._passage.ByPatchPort)
        && (!Has(marks, Marks.HasMeter) || _passage.HasMeter == other._passage.HasMeter)
        && (!Has(marks, Marks.HasMeter2) || _passage.HasMeter2 == other._passage.HasMeter2);

    /// <summary>Which of these ports it came by: their number if none, -1 if that is not known.</summary>
    internal int InPortAmong(string[] names)
    {
        var index = _in is null ? -1 : Array.IndexOf(names, _in);
        return index < 0 && _in is not null ? names.Length : index;
    }

    internal int HashOf(Marks marks) => HashCode.Combine(
        Has(marks, Marks.InPort) ? _in : null,
        Has(marks, Marks.OutPort) ? _out : null,
        Has(marks, Marks.From) ? _passage.From : null,
        Has(marks, Marks.Crossings) ? _passage.Crossings : 0,
        Has(marks, Marks.Routers) ? _passage.Routers : 0,
        Has(marks, Marks.MaxLength) ? _passage.MaxLength : 0,
        HashCode.Combine(
            Has(marks, Marks.InPortHidden) && _passage.InPortHidden, Has(marks, Marks.HasOtherAddresses) && _passage.HasOtherAddresses,
            Has(marks, Marks.ByPatchPort) && _passage.ByPatchPort, Has(marks, Marks.HasMeter) && _passage.HasMeter, Has(marks, Marks.HasMeter2) && _passage.HasMeter2));

    private static bool Has(Marks marks, Marks mark) => (marks & mark) != Marks.None;

    private T Read<T>(Marks mark, T value)
    {
        _log?.Add(mark & ~WrittenMarks);
        return value;
    }

    private (Bits Value, UInt128 Written) Find(int root)
    {
        foreach (ref readonly var fact in _facts.AsSpan())
        {
            if (fact.Root == root)
            {
                return (fact.Value, fact.Written | Clearance(root));
            }
        }

        return (_roots.Initial(root), Clearance(root));
    }

    // Where the fact about a root is, or belongs: they are in the order of their roots.
    private static bool At(ReadOnlySpan<Fact> facts, int root, out int at)
    {
        for (at = 0; at < facts.Length && facts[at].Root < root; at++)
        {
        }

        return at < facts.Length && facts[at].Root == root;
    }

    private UInt128 Clearance(int root) => _cleared.Has(_roots.Kind(root)) ? UInt128.MaxValue : 0;

    private readonly record struct KindSet(int Kinds)
    {
        public KindSet With(RootKind kind) => new(Kinds | (1 << (int)kind));

        public bool Has(RootKind kind) => (Kinds & (1 << (int)kind)) != 0;
    }
}
