namespace GatewayOS.Compiler.Evaluation;

/// <summary>The cells that depend on something: mostly very few, sometimes thousands.</summary>
internal sealed class CellSet
{
    private const int Few = 8;

    private Cell[] _few = new Cell[1];
    private int _count;
    private HashSet<Cell>? _many;

    public bool IsEmpty => _many is null ? _count == 0 : _many.Count == 0;

    public IEnumerable<Cell> Cells => _many is null ? new ArraySegment<Cell>(_few, 0, _count) : _many;

    public void Add(Cell cell)
    {
        if (_many is not null)
        {
            _many.Add(cell);
        }
        else if (Array.IndexOf(_few, cell, 0, _count) >= 0)
        {
            return;
        }
        else if (_count == Few)
        {
            _many = [.. _few, cell];
            _few = [];
        }
        else
        {
            if (_count == _few.Length)
            {
                Array.Resize(ref _few, 2 * _count);
            }

            _few[_count++] = cell;
        }
    }

    public void Remove(Cell cell)
    {
        if (_many is not null)
        {
            _many.Remove(cell);
        }
        else if (Array.IndexOf(_few, cell, 0, _count) is >= 0 and var at)
        {
            _few[at] = _few[--_count];
            _few[_count] = null!;
        }
    }
}
