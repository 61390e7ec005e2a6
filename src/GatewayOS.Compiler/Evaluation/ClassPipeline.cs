using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The tables of one logical pipeline as packets of one class see them; each is made when it is first asked for.</summary>
public sealed class ClassPipeline(int count, Func<int, ClassTable> make)
{
    private readonly ClassTable?[] _tables = new ClassTable?[count];
    private readonly FlowSegment?[] _passed = new FlowSegment?[count];

    public int Count => count;

    public ClassTable Table(int index) => _tables[index] ??= make(index);

    /// <summary>The table, if it has been asked for.</summary>
    public ClassTable? Known(int index) => index < count ? _tables[index] : null;

    public void Set(int index, ClassTable? table)
    {
        _tables[index] = table;
        Array.Clear(_passed);
    }

    /// <summary>The flows of the tables from this one on that packets only pass through.</summary>
    public FlowSegment PassedFrom(int index)
    {
        if (index >= count)
        {
            return FlowSegment.Empty;
        }

        if (_passed[index] is { } known)
        {
            return known;
        }

        var flows = new List<Guid>();
        for (var table = index; table < count && Table(table).PassThrough is { } flow; table++)
        {
            flows.Add(flow);
        }

        return _passed[index] = flows.Count == 0 ? FlowSegment.Empty : new FlowSegment([.. flows]);
    }
}
