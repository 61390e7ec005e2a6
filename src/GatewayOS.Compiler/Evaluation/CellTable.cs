using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Cells by table and state, by what they asked for, and the marks that a change leaves on them.</summary>
public sealed class CellTable
{
    private readonly Dictionary<TableKey, List<Shape>> _byTable = [];
    private readonly Dictionary<InputKey, CellSet> _byInput = [];
    private readonly Dictionary<TableKey, CellSet> _byPart = [];
    private readonly List<Cell> _released = [];

    /// <summary>The number of remembered evaluations of logical tables.</summary>
    public int Count { get; private set; }

    /// <summary>The cell that stands for this state, if there is one.</summary>
    public TableCell? Find(TableKey table, SymbolicState state)
    {
        if (_byTable.TryGetValue(table, out var shapes))
        {
            foreach (var shape in shapes)
            {
                if (shape.Cells.TryGetValue(state, out var cell))
                {
                    return cell;
                }
            }
        }

        return null;
    }

    /// <summary>Gives a cell the outcome of its evaluation, and its place by that.</summary>
    internal void Set(Cell cell, Outcome outcome, int now)
    {
        var (reads, asked, inputs, tables) = (cell.Reads, cell.Asked, cell.Inputs, cell.Tables);
        cell.Set(outcome, now);
        if (cell is TableCell table && !ReferenceEquals(reads, cell.Reads))
        {
            Forget(table, reads);
            Remember(table);
        }

        foreach (var other in Without(cell.Asked, asked))
        {
            other.Askers.Add(cell);
        }

        foreach (var input in Without(cell.Inputs, inputs))
        {
            Add(_byInput, input, cell);
        }

        foreach (var passed in Without(cell.Tables, tables))
        {
            Add(_byPart, passed, cell);
        }

        foreach (var input in Without(inputs, cell.Inputs))
        {
            Remove(_byInput, input, cell);
        }

        foreach (var passed in Without(tables, cell.Tables))
        {
            Remove(_byPart, passed, cell);
        }

        foreach (var other in Without(asked, cell.Asked))
        {
            Release(other, cell);
        }
    }

    /// <summary>Forgets an entry point's cell.</summary>
    public void Remove(EntryCell cell)
    {
        _released.Add(cell);
    }

    /// <summary>Forgets the cells that nobody asks any more, at the end of an update: until then somebody may.</summary>
    public void Sweep()
    {
        while (_released.Count > 0)
        {
            var cell = _released[^1];
            _released.RemoveAt(_released.Count - 1);
            if (cell.Askers.Count > 0)
            {
                continue;
            }

            if (cell is TableCell table)
            {
                Forget(table, table.Reads);
            }

            foreach (var input in cell.Inputs)
            {
                Remove(_byInput, input, cell);
            }

            foreach (var passed in cell.Tables)
            {
                Remove(_byPart, passed, cell);
            }

            foreach (var other in cell.Asked)
            {
                Release(other, cell);
            }
        }
    }

    public void MarkUsersOf(InputKey input, int now)
    {
        if (!_byInput.TryGetValue(input, out var cells))
        {
            return;
        }

        foreach (var cell in cells.Cells)
        {
            MarkStale(cell, now);
        }
    }

    public void MarkUsersOf(TableKey table, int now)
    {
        if (!_byPart.TryGetValue(table, out var passing))
        {
            return;
        }

        foreach (var cell in passing.Cells)
        {
            MarkStale(cell, now);
        }
    }

    private static void MarkStale(Cell cell, int now)
    {
        if (cell.Trust == Trust.Stale)
        {
            return;
        }

        var wasGood = cell.Trust == Trust.Good;
        (cell.Trust, cell.StaleSince) = (Trust.Stale, now);
        var pending = new Stack<Cell>(wasGood ? cell.Askers : []);
        while (pending.TryPop(out var asker))
        {
            if (asker.Trust == Trust.Good)
            {
                asker.Trust = Trust.Doubtful;
                foreach (var next in asker.Askers)
                {
                    pending.Push(next);
                }
            }
        }
    }

    // Both are sets in about the same order, and mostly equal.
    private static IEnumerable<T> Without<T>(T[] all, T[] others)
        where T : notnull
    {
        if (others.Length == 0)
        {
            return all;
        }

        ReadOnlySpan<T> left = all, right = others;
        var front = left.CommonPrefixLength(right);
        left = left[front..];
        right = right[front..];
        while (!left.IsEmpty && !right.IsEmpty && EqualityComparer<T>.Default.Equals(left[^1], right[^1]))
        {
            left = left[..^1];
            right = right[..^1];
        }

        if (left.IsEmpty)
        {
            return [];
        }

        return right.IsEmpty ? left.ToArray() : left.ToArray().Except(right.ToArray());
    }

    private void Release(Cell cell, Cell asker)
    {
        // The order does not matter, and some have thousands.
        var at = cell.Askers.LastIndexOf(asker);
        cell.Askers[at] = cell.Askers[^1];
        cell.Askers.RemoveAt(cell.Askers.Count - 1);
        if (cell.Askers.Count == 0)
        {
            _released.Add(cell);
        }
    }

    private void Remember(TableCell cell)
    {
        if (!_byTable.TryGetValue(cell.Table, out var shapes))
        {
            _byTable.Add(cell.Table, shapes = []);
        }

        var shape = shapes.Find(known => ReferenceEquals(known.Reads, cell.Reads));
        if (shape is null)
        {
            shapes.Add(shape = new Shape(cell.Reads!));
        }

        // Two that differed before a change may be one after it; the later takes over, the other goes with its askers.
        Count += shape.Cells.ContainsKey(cell.State) ? 0 : 1;
        shape.Cells[cell.State] = cell;
    }

    private void Forget(TableCell cell, ReadSet? reads)
    {
        if (reads is null || !_byTable.TryGetValue(cell.Table, out var shapes))
        {
            return;
        }

        var shape = shapes.Find(known => ReferenceEquals(known.Reads, reads));
        if (shape is not null && shape.Cells.TryGetValue(cell.State, out var known) && ReferenceEquals(known, cell))
        {
            shape.Cells.Remove(cell.State);
            Count--;
            if (shape.Cells.Count == 0)
            {
                shapes.Remove(shape);
            }
        }
    }

    private static void Add<TKey>(Dictionary<TKey, CellSet> users, TKey key, Cell cell)
        where TKey : notnull
    {
        if (!users.TryGetValue(key, out var cells))
        {
            users.Add(key, cells = new CellSet());
        }

        cells.Add(cell);
    }

    private static void Remove<TKey>(Dictionary<TKey, CellSet> users, TKey key, Cell cell)
        where TKey : notnull
    {
        if (users.TryGetValue(key, out var cells))
        {
            cells.Remove(cell);
            if (cells.IsEmpty)
            {
                users.Remove(key);
            }
        }
    }

    private sealed class Shape(ReadSet reads)
    {
        public ReadSet Reads => reads;

        public Dictionary<SymbolicState, TableCell> Cells { get; } = new(reads);
    }
}
