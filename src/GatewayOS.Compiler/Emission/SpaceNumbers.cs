using GatewayOS.Compiler.Classes;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Numbers the contents of the class tables, so that no packet meets half of a change (invariant I5).</summary>
/// <remarks>
/// A change of one entry is one write: the space keeps its number, if nothing else changes for the packets that use it. Anything
/// larger is another space, which is written beside the old one before the entry points switch over.
/// </remarks>
public sealed class SpaceNumbers
{
    private readonly IdAllocator _ids = new(1, (1u << Pipeline.SpaceWidth) - 1);
    private readonly Dictionary<PacketClass, Space> _last = [];

    /// <summary>The number, or null when all are taken.</summary>
    /// <param name="sameEntrances">Whether the entry points that use the space lead where they led the last time.</param>
    internal ushort? NumberOf(PacketClass packetClass, IReadOnlyDictionary<ClassRow, ActionCall> rows, bool sameEntrances)
    {
        var last = _last.GetValueOrDefault(packetClass);
        var changes = last is null ? int.MaxValue : Differences(last.Rows, rows);
        if (last is not null && (changes == 0 || (changes == 1 && sameEntrances)))
        {
            _last[packetClass] = last with { Rows = rows };
            return last.Number;
        }

        // The last space may have started with the very content that it is to have now, and have another meanwhile.
        for (var salt = 0UL; ; salt++)
        {
            var origin = HashOf(packetClass, rows, salt);
            if (origin == last?.Origin)
            {
                continue;
            }

            if (_ids.Take(origin) is not { } number)
            {
                return null;
            }

            Release(packetClass);
            _last[packetClass] = new Space((ushort)number, origin, rows);
            return (ushort)number;
        }
    }

    /// <summary>No entry point asks for class bits any more.</summary>
    internal void Release(PacketClass packetClass)
    {
        if (_last.Remove(packetClass, out var last))
        {
            _ids.Release(last.Origin);
        }
    }

    /// <summary>Gives spaces other numbers (<see cref="IdAllocator.Move"/>).</summary>
    internal void Move(IReadOnlyDictionary<uint, uint> numbers)
    {
        _ids.Move(numbers);
        foreach (var (packetClass, last) in _last.ToList())
        {
            if (numbers.TryGetValue(last.Number, out var to))
            {
                _last[packetClass] = last with { Number = (ushort)to };
            }
        }
    }

    public void ReleaseAll()
    {
        _last.Clear();
        _ids.ReleaseAll();
    }

    public void Sweep() => _ids.Sweep();

    private static int Differences(IReadOnlyDictionary<ClassRow, ActionCall> left, IReadOnlyDictionary<ClassRow, ActionCall> right)
    {
        var inBoth = left.Count(row => right.ContainsKey(row.Key));
        return left.Count - inBoth + right.Count - inBoth + left.Count(row => right.TryGetValue(row.Key, out var other) && !other.Equals(row.Value));
    }

    private static UInt128 HashOf(PacketClass packetClass, IReadOnlyDictionary<ClassRow, ActionCall> rows, ulong salt)
    {
        var hash = new StableHash();
        hash.Add((ulong)packetClass);
        hash.Add(salt);
        foreach (var ((table, prefix), call) in rows.OrderBy(row => row.Key.Table, StringComparer.Ordinal).ThenBy(row => row.Key.Prefix, AddressPrefix.Order))
        {
            hash.Add(table);
            hash.Add(prefix.Value);
            hash.Add((ulong)prefix.Length);
            hash.Add(call.Arguments[0].Value);
        }

        return hash.Value;
    }

    private sealed record Space(ushort Number, UInt128 Origin, IReadOnlyDictionary<ClassRow, ActionCall> Rows);
}
