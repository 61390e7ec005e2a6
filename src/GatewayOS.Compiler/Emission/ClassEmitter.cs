using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>src_class</c> and <c>dst_class</c>: of the sets that a written state tests, in one space for each packet class.</summary>
internal sealed class ClassEmitter(DeviceIds ids, EntrySink sink, AddressClasses classes)
{
    private readonly Dictionary<Node, (ulong Source, ulong Destination)> _tests = [];

    /// <summary>The bits that a packet may be asked for.</summary>
    public (ulong Source, ulong Destination) TestsOf(Edge edge)
    {
        if (edge.Target is not Target.Go(var node))
        {
            return (0, 0);
        }

        if (!_tests.TryGetValue(node, out var tests))
        {
            foreach (var row in node.Rows)
            {
                tests = Both(tests, ((ulong)(row.Cube.TermOn(KeyField.SourceClass)?.Mask ?? 0), (ulong)(row.Cube.TermOn(KeyField.DestinationClass)?.Mask ?? 0)));
                tests = Both(tests, TestsOf(row.Edge));
            }

            tests = Both(tests, TestsOf(node.Default));
            _tests.Add(node, tests);
        }

        return tests;
    }

    /// <summary>The number of the space, or null when the device has no room for it.</summary>
    /// <param name="edges">Of the entry points that need it.</param>
    /// <param name="roots">A hash of the entry points and of their states.</param>
    public ushort? Emit(PacketClass packetClass, IEnumerable<Edge> edges, UInt128 roots)
    {
        var tests = edges.Aggregate((0UL, 0UL), (sum, edge) => Both(sum, TestsOf(edge)));
        var rows = Rows(packetClass, KeyField.SourceClass, tests.Item1).Concat(Rows(packetClass, KeyField.DestinationClass, tests.Item2))
            .ToDictionary(row => row.Row, row => row.Call);
        if (ids.Spaces.NumberOf(packetClass, rows, roots) is not { } space)
        {
            return null;
        }

        CompiledEntry[] entries =
        [
            .. rows.Select(row => new CompiledEntry(
                new TableEntry(
                    row.Key.Table,
                    [
                        new FieldMatch.Exact(KeyNames.Space, space),
                        .. row.Key.Prefix.Length == 0 ? Array.Empty<FieldMatch>() : [new FieldMatch.Lpm(KeyNames.Address, row.Key.Prefix.Value, row.Key.Prefix.Length)],
                    ],
                    0, row.Value),
                FlowTrail.Empty, null)),
        ];
        return sink.TryAdd(entries) ? space : null;
    }

    private IEnumerable<(ClassRow Row, ActionCall Call)> Rows(PacketClass packetClass, KeyField field, ulong tested)
    {
        var bits = Enumerable.Range(0, Pipeline.ClassBits).Where(bit => (tested >> bit & 1) != 0)
            .Select(bit => (bit, classes.ContentOf(packetClass, field, bit)));
        var (table, action) = ClassRows.Target(packetClass, field);
        return ClassRows.Of(bits, packetClass.AddressWidth()).Select(row => (new ClassRow(table, row.Prefix), action(row.Bits)));
    }

    private static (ulong Source, ulong Destination) Both((ulong Source, ulong Destination) left, (ulong Source, ulong Destination) right) =>
        (left.Source | right.Source, left.Destination | right.Destination);
}
