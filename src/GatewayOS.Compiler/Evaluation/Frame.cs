using System.Runtime.InteropServices;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>What an evaluation under way has asked for so far.</summary>
internal sealed class Frame
{
    private const int Few = 12, Many = 64;

    private readonly List<Cell> _asked = [];
    private readonly HashSet<Cell> _many = [];
    private HashSet<InputKey> _asksFor = [];
    private HashSet<TableKey> _passes = [];
    private InputKey[] _inputs = [];
    private TableKey[] _tables = [];

    /// <summary>The evaluation that this one is part of.</summary>
    public Frame? Outer { get; set; }

    public ReadLog Log { get; } = new();

    public HashSet<InputKey> Inputs => _asksFor;

    /// <summary>The tables that were executed, or passed through, on the way.</summary>
    public HashSet<TableKey> Tables => _passes;

    public void Ask(Cell cell)
    {
        if (_asked.Count < Few)
        {
            if (!_asked.Contains(cell))
            {
                _asked.Add(cell);
            }

            return;
        }

        if (_many.Count == 0)
        {
            _many.UnionWith(_asked);
        }

        if (_many.Add(cell))
        {
            _asked.Add(cell);
        }
    }

    public Cell[] TakeAsked()
    {
        var asked = CollectionsMarshal.AsSpan(_asked).ToArray();
        _asked.Clear();
        if (_many.Count > 0)
        {
            _many.Clear();
        }

        return asked;
    }

    public InputKey[] TakeInputs() => Take(ref _asksFor, ref _inputs);

    public TableKey[] TakeTables() => Take(ref _passes, ref _tables);

    // The flows of a large table mostly ask for the same, one after the other: then it is the same array.
    private static T[] Take<T>(ref HashSet<T> set, ref T[] last)
    {
        if (set.Count == 0)
        {
            return [];
        }

        if (!Same(set, last))
        {
            last = [.. set];
        }

        // To clear a set takes as long as it has ever been large.
        if (set.Count > Many)
        {
            set = [];
        }
        else
        {
            set.Clear();
        }

        return last;
    }

    private static bool Same<T>(HashSet<T> set, T[] last)
    {
        if (set.Count != last.Length)
        {
            return false;
        }

        var i = 0;
        foreach (var item in set)
        {
            if (!EqualityComparer<T>.Default.Equals(item, last[i++]))
            {
                return false;
            }
        }

        return true;
    }
}
