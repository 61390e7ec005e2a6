using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>src_class</c> and <c>dst_class</c>: of the sets that a state tests, in one space for each packet class.</summary>
internal sealed class SpaceEmitter(DeviceIds ids, EntrySink sink, AddressClasses classes)
{
    private readonly Dictionary<PacketClass, Space> _spaces = [];

    /// <summary>Whether a bit that is written means something else now.</summary>
    public bool AreOld => _spaces.Values.Any(space => space.Version != classes.Version);

    /// <summary>The number of the space, or null when the device has no room for it.</summary>
    /// <param name="tests">The bits of source and destination that packets may be asked for.</param>
    /// <param name="sameEntrances">Whether nothing else changes for the packets that use it.</param>
    public ushort? Write(PacketClass packetClass, (ulong Source, ulong Destination) tests, bool sameEntrances)
    {
        var version = classes.Version;
        if (_spaces.TryGetValue(packetClass, out var known) && known.Tests == tests && known.Version == version)
        {
            return known.Number;
        }

        var rows = Rows(packetClass, KeyField.SourceClass, tests.Source).Concat(Rows(packetClass, KeyField.DestinationClass, tests.Destination))
            .ToDictionary(row => row.Row, row => row.Call);
        var number = ids.Spaces.NumberOf(packetClass, rows, sameEntrances);
        sink.IsOutOfNumbers |= number is null;
        if (known?.Number is { } old && old != number)
        {
            sink.Remove(Key(packetClass, old));
        }

        var isThere = number is { } space && sink.TryPut(Key(packetClass, space), [.. rows.Select(row => Entry(row.Key, row.Value, space))]);
        _spaces[packetClass] = new Space(tests, version, isThere ? number : null);
        return isThere ? number : null;
    }

    /// <summary>No entry point of the class needs it any more.</summary>
    public void Withdraw(PacketClass packetClass)
    {
        if (_spaces.Remove(packetClass, out var known) && known.Number is { } number)
        {
            sink.Remove(Key(packetClass, number));
        }

        ids.Spaces.Release(packetClass);
    }

    private static BlockKey Key(PacketClass packetClass, ushort space) => new(BlockKind.Space, ((uint)packetClass << 16) | space);

    private static CompiledEntry Entry(ClassRow row, ActionCall call, ushort space) => new(
        new TableEntry(
            row.Table,
            [
                new FieldMatch.Exact(KeyNames.Space, space),
                .. row.Prefix.Length == 0 ? Array.Empty<FieldMatch>() : [new FieldMatch.Lpm(KeyNames.Address, row.Prefix.Value, row.Prefix.Length)],
            ],
            0, call),
        FlowTrail.Empty, null);

    private IEnumerable<(ClassRow Row, ActionCall Call)> Rows(PacketClass packetClass, KeyField field, ulong tested)
    {
        var bits = Enumerable.Range(0, Pipeline.ClassBits).Where(bit => (tested >> bit & 1) != 0)
            .Select(bit => (bit, classes.ContentOf(packetClass, field, bit)));
        var (table, action) = ClassRows.Target(packetClass, field);
        return ClassRows.Of(bits, packetClass.AddressWidth()).Select(row => (new ClassRow(table, row.Prefix), action(row.Bits)));
    }

    private sealed record Space((ulong Source, ulong Destination) Tests, int Version, ushort? Number);
}
