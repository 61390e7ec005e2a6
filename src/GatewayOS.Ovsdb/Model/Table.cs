using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GatewayOS.Ovsdb.Model;

/// <summary>One version of a table: an immutable collection of rows, found by UUID and enumerated in UUID order.</summary>
/// <remarks>
/// A radix tree over the UUID's hexadecimal digits with leaves of up to 16 rows. A new version shares all nodes off the changed
/// paths with the old one, so a change costs O(log n), a snapshot costs nothing, and <see cref="ChangesSince"/> finds the
/// difference of any two versions without looking at what they share:
/// <code>
///          [0 1 2 ... f]            branch: one child per digit
///           |     |
///      [3a.. 3f]  [0 1 ... f]       leaf: rows sorted by UUID
/// </code>
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "A table is what OVSDB calls it.")]
[CollectionBuilder(typeof(Table), nameof(Table.Create))]
public sealed class Table<TRow> : IReadOnlyCollection<TRow>
    where TRow : class, IRow<TRow>
{
    private const int LeafLength = 16;
    private const int Digits = 32;

    private readonly Node? _root;

    private Table(Node? root, int count) => (_root, Count) = (root, count);

    [SuppressMessage("Design", "CA1000", Justification = "As ImmutableArray<T>.Empty.")]
    public static Table<TRow> Empty { get; } = new(null, 0);

    public int Count { get; }

    public TRow this[Guid key] =>
        TryGetValue(key, out var row) ? row : throw new KeyNotFoundException($"Table {TRow.TableName} has no row {key}.");

    /// <summary>The row, or null.</summary>
    public TRow? Find(Guid? uuid) => uuid is { } key && TryGetValue(key, out var row) ? row : null;

    public bool ContainsKey(Guid key) => TryGetValue(key, out _);

    public bool TryGetValue(Guid key, [MaybeNullWhen(false)] out TRow value)
    {
        var node = _root;
        for (var depth = 0; node is not null; depth++)
        {
            if (node.Rows is { } rows)
            {
                foreach (var row in rows)
                {
                    if (row.Uuid == key)
                    {
                        value = row;
                        return true;
                    }
                }

                break;
            }

            node = node.Children![Digit(key, depth)];
        }

        value = null;
        return false;
    }

    /// <summary>This table with the rows added, or put in place of those with the same UUID.</summary>
    public Table<TRow> With(params ReadOnlySpan<TRow> rows)
    {
        var edits = new List<RowEdit<TRow>>(rows.Length);
        foreach (var row in rows)
        {
            edits.Add(new(row.Uuid, row));
        }

        return Apply(edits);
    }

    public Table<TRow> Without(params ReadOnlySpan<Guid> uuids)
    {
        var edits = new List<RowEdit<TRow>>(uuids.Length);
        foreach (var uuid in uuids)
        {
            edits.Add(new(uuid, null));
        }

        return Apply(edits);
    }

    /// <summary>What changed from the earlier version to this one, in UUID order; work is proportional to what differs.</summary>
    public IReadOnlyList<RowChange<TRow>> ChangesSince(Table<TRow> earlier)
    {
        var changes = new List<RowChange<TRow>>();
        Compare(earlier._root, _root, changes);
        return changes;
    }

    public IEnumerator<TRow> GetEnumerator() => Rows(_root).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Applies many edits at once; of several edits of one row the last one counts. The list is sorted in place.</summary>
    internal Table<TRow> Apply(List<RowEdit<TRow>> edits)
    {
        if (edits.Count == 0)
        {
            return this;
        }

        for (var i = 0; i < edits.Count; i++)
        {
            edits[i] = edits[i] with { Sequence = i };
        }

        edits.Sort(RowEdit<TRow>.Compare);
        var added = 0;
        var root = Apply(_root, CollectionsMarshal.AsSpan(edits), 0, ref added);
        return new(root, Count + added);
    }

    private static Node? Apply(Node? node, ReadOnlySpan<RowEdit<TRow>> edits, int depth, ref int added)
    {
        if (node?.Children is not { } children)
        {
            var before = node?.Rows ?? [];
            var after = Merge(before, edits);
            added += after.Count - before.Length;
            return Build(CollectionsMarshal.AsSpan(after), depth);
        }

        var copy = (Node?[])children.Clone();
        while (edits.Length > 0)
        {
            var digit = Digit(edits[0].Uuid, depth);
            var length = 1;
            while (length < edits.Length && Digit(edits[length].Uuid, depth) == digit)
            {
                length++;
            }

            copy[digit] = Apply(copy[digit], edits[..length], depth + 1, ref added);
            edits = edits[length..];
        }

        return Array.TrueForAll(copy, child => child is null) ? null : new Node(copy);
    }

    private static Node? Build(ReadOnlySpan<TRow> rows, int depth)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        if (rows.Length <= LeafLength || depth == Digits)
        {
            return new Node(rows.ToArray());
        }

        var children = new Node?[16];
        while (rows.Length > 0)
        {
            var digit = Digit(rows[0].Uuid, depth);
            var length = 1;
            while (length < rows.Length && Digit(rows[length].Uuid, depth) == digit)
            {
                length++;
            }

            children[digit] = Build(rows[..length], depth + 1);
            rows = rows[length..];
        }

        return new Node(children);
    }

    private static List<TRow> Merge(TRow[] rows, ReadOnlySpan<RowEdit<TRow>> edits)
    {
        var merged = new List<TRow>(rows.Length + edits.Length);
        var next = 0;
        for (var i = 0; i < edits.Length; i++)
        {
            if (i + 1 < edits.Length && edits[i + 1].Uuid == edits[i].Uuid)
            {
                continue;
            }

            while (next < rows.Length && rows[next].Uuid.CompareTo(edits[i].Uuid) < 0)
            {
                merged.Add(rows[next++]);
            }

            if (next < rows.Length && rows[next].Uuid == edits[i].Uuid)
            {
                next++;
            }

            if (edits[i].Row is { } row)
            {
                merged.Add(row);
            }
        }

        merged.AddRange(rows.AsSpan(next));
        return merged;
    }

    private static void Compare(Node? earlier, Node? later, List<RowChange<TRow>> changes)
    {
        if (ReferenceEquals(earlier, later))
        {
            return;
        }

        if (earlier?.Children is { } left && later?.Children is { } right)
        {
            for (var i = 0; i < left.Length; i++)
            {
                Compare(left[i], right[i], changes);
            }

            return;
        }

        using var old = Rows(earlier).GetEnumerator();
        using var current = Rows(later).GetEnumerator();
        var (hasOld, hasCurrent) = (old.MoveNext(), current.MoveNext());
        while (hasOld || hasCurrent)
        {
            var order = !hasOld ? 1 : !hasCurrent ? -1 : old.Current.Uuid.CompareTo(current.Current.Uuid);
            if (order != 0 || !ReferenceEquals(old.Current, current.Current))
            {
                changes.Add(new(order <= 0 ? old.Current : null, order >= 0 ? current.Current : null));
            }

            hasOld = order <= 0 ? old.MoveNext() : hasOld;
            hasCurrent = order >= 0 ? current.MoveNext() : hasCurrent;
        }
    }

    private static IEnumerable<TRow> Rows(Node? root)
    {
        var path = new Stack<Node>();
        for (var node = root; node is not null; path.TryPop(out node))
        {
            if (node.Rows is { } rows)
            {
                foreach (var row in rows)
                {
                    yield return row;
                }

                continue;
            }

            for (var i = node.Children!.Length - 1; i >= 0; i--)
            {
                if (node.Children[i] is { } child)
                {
                    path.Push(child);
                }
            }
        }
    }

    // The order of the digits is that of Guid.CompareTo: time_low, time_mid, time_hi, then the octets, as they are written.
    private static int Digit(in Guid uuid, int depth)
    {
        Span<byte> octets = stackalloc byte[16];
        uuid.TryWriteBytes(octets, bigEndian: true, out _);
        return (depth & 1) == 0 ? octets[depth >> 1] >> 4 : octets[depth >> 1] & 15;
    }

    private sealed class Node
    {
        public Node(TRow[] rows) => Rows = rows;

        public Node(Node?[] children) => Children = children;

        public TRow[]? Rows { get; }

        public Node?[]? Children { get; }
    }
}

/// <summary>Makes tables from collection expressions: <c>Table&lt;Chassis&gt; chassis = [a, b]</c>.</summary>
public static class Table
{
    public static Table<TRow> Create<TRow>(ReadOnlySpan<TRow> rows)
        where TRow : class, IRow<TRow> => Table<TRow>.Empty.With(rows);
}
