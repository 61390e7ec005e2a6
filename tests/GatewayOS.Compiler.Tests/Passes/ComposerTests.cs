using CsCheck;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;
using Xunit;

namespace GatewayOS.Compiler.Tests.Passes;

/// <summary>Random automata over a few small fields decide each packet as before, whatever passes did to them.</summary>
public sealed class ComposerTests
{
    private static readonly KeyField[] s_fields = [KeyField.EthDestination, KeyField.Source, KeyField.Destination, KeyField.EthSource];
    private static readonly UInt128 s_mac = Compiler.Symbolic.Bits.Ones(48);

    // A level is a list of rows (which fields, which values, which of four edges) and a default.
    private static readonly Gen<int[][][]> s_levels = Gen.Int[0, 99].Array[6].Array[1, 5].Array[1, 6];

    [Fact]
    public void Composition_keeps_the_fate_of_every_packet() =>
        s_levels.Sample(levels =>
        {
            var nodes = new NodeTable();
            var before = Build(levels, 0, nodes, fields: 3);
            var after = new Composer(nodes).Compose(before);
            return Packets().All(packet => Fate(after, packet) == Fate(before, packet));
        });

    [Fact]
    public void A_test_of_the_Ethernet_source_that_comes_too_late_punts_its_packets_and_no_others()
    {
        s_levels.Sample(levels =>
        {
            var nodes = new NodeTable();
            var before = Build(levels, 0, nodes, fields: 4);
            var after = new Composer(nodes).Compose(before);
            var asked = Sources(before, []);
            return Packets().All(packet => Fate(after, packet) is var fate
                && (fate == Fate(before, packet) || (fate.Contains(Reasons.Untestable, StringComparison.Ordinal) && asked.Contains(packet[3]))));
        });

        static HashSet<UInt128> Sources(Edge edge, HashSet<UInt128> found)
        {
            if (edge.Target is Target.Go(var node))
            {
                found.UnionWith(node.Rows.Select(row => row.Cube.TermOn(KeyField.EthSource)?.Value).OfType<UInt128>());
                foreach (var next in node.Edges)
                {
                    Sources(next, found);
                }
            }

            return found;
        }
    }

    [Fact]
    public void Behind_the_route_to_a_host_nothing_asks_for_its_address_again()
    {
        var nodes = new NodeTable();
        Edge Behind(int kind) => nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 1, Leafs(0))], nodes.Lookup(PacketClass.Ipv4, [new Row(To(9), Leafs(1))], Leafs(kind)));
        var routes = nodes.Lookup(PacketClass.Ipv4, [new Row(To(1), Behind(2)), new Row(To(2), Behind(3)), new Row(To(4), Behind(4)), new Row(To(9), Behind(4))], Leafs(0));

        var composed = Assert.IsType<Target.Go>(new Composer(nodes).Compose(routes).Target).Node;

        Assert.Equal([1, 1, 2, 2], composed.Rows.Select(row => NodeTraits.DepthOf(row.Edge)));

        static Cube To(uint host) => Cube.Of(KeyField.Destination, host, uint.MaxValue);
    }

    [Fact]
    public void Two_tests_of_the_same_field_become_one_lookup()
    {
        var nodes = new NodeTable();
        var second = nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 2, Leafs(2))], Leafs(0));
        var first = nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 1, Leafs(1))], second);

        var composed = Assert.IsType<Target.Go>(new Composer(nodes).Compose(first).Target).Node;

        Assert.Equal(2, composed.Rows.Count);
        Assert.DoesNotContain(composed.Edges, edge => edge.Target is Target.Go);
    }

    [Fact]
    public void The_Ethernet_address_is_asked_before_IP_fields()
    {
        var nodes = new NodeTable();
        var bridge = nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.EthDestination, 5, s_mac), Leafs(1))], Leafs(0));
        var nat = nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 1, Leafs(2))], bridge);

        var composed = Assert.IsType<Target.Go>(new Composer(nodes).Compose(nat).Target).Node;

        Assert.Equal(Shape.EthernetDestination, Shapes.Of(composed.Rows, PacketClass.Ipv4));
        Assert.All(composed.Edges, edge => Assert.Equal(Shape.Ternary, Shapes.Of(Assert.IsType<Target.Go>(edge.Target).Node.Rows, PacketClass.Ipv4)));
    }

    [Fact]
    public void Rows_that_go_on_like_the_default_do_not_ask_for_the_Ethernet_address_again()
    {
        var nodes = new NodeTable();
        var bridge = nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.EthDestination, 5, s_mac), Leafs(3))], Leafs(0));
        var counted = bridge with { Flows = FlowTrail.Empty.Before(Guid.NewGuid(), isCounted: true) };
        var accessList = nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 1, counted), Row(KeyField.Source, 2, Leafs(2))], bridge);

        var composed = Assert.IsType<Target.Go>(new Composer(nodes).Compose(accessList).Target).Node;

        Assert.Equal(Shape.EthernetDestination, Shapes.Of(composed.Rows, PacketClass.Ipv4));
        var lists = composed.Edges.Select(edge => edge.Target).OfType<Target.Go>().ToList();
        Assert.NotEmpty(lists);
        Assert.All(lists, list => Assert.DoesNotContain(list.Node.Edges, edge => edge.Target is Target.Go));
    }

    [Fact]
    public void A_row_that_only_counts_stays_and_one_that_does_nothing_goes()
    {
        var nodes = new NodeTable();
        var counted = Leafs(3) with { Flows = FlowTrail.Empty.Before(Guid.NewGuid(), isCounted: true) };
        var other = Leafs(3) with { Flows = FlowTrail.Empty.Before(Guid.NewGuid()) };

        var node = Assert.IsType<Target.Go>(nodes.Lookup(PacketClass.Ipv4, [Row(KeyField.Source, 1, counted), Row(KeyField.Source, 2, other)], Leafs(3)).Target).Node;

        Assert.Equal([counted], node.Rows.Select(row => row.Edge));
    }

    private static Edge Build(int[][][] levels, int level, NodeTable nodes, int fields)
    {
        if (level == levels.Length)
        {
            return Leafs(0);
        }

        var next = Build(levels, level + 1, nodes, fields);
        var rows = levels[level].Select(numbers => new Row(CubeOf(numbers, fields), EdgeOf(numbers[4], next)));
        return nodes.Lookup(PacketClass.Ipv4, [.. rows], EdgeOf(levels[level][0][5], next));
    }

    private static Cube CubeOf(int[] numbers, int fields)
    {
        var cube = Cube.Any;
        for (var i = 0; i < fields; i++)
        {
            var value = (UInt128)(uint)(numbers[i] % 4);
            if (numbers[i] < 50)
            {
                cube = cube.Intersect(Cube.Of(s_fields[i], value, MaskOf(i, numbers[i])))!;
            }
        }

        return cube;
    }

    // Of destinations there are prefixes, too.
    private static UInt128 MaskOf(int field, int number) =>
        s_fields[field] == KeyField.Source ? 3
        : s_fields[field] == KeyField.Destination ? (number % 3 == 0 ? uint.MaxValue - 1 : uint.MaxValue)
        : s_mac;

    private static Edge EdgeOf(int number, Edge next) => (number % 4) switch
    {
        0 => Leafs(number % 7),
        1 => next with { Edits = new Edits(new MacAddress((ulong)number), null, 1, null).Then(next.Edits) },
        _ => next,
    };

    private static Edge Leafs(int kind) => new(
        Edits.None,
        kind switch
        {
            0 => Target.Drop.Instance,
            1 => new Target.Punt(new PuntCause(Reasons.Generated, "arp", null)),
            _ => new Target.Forward(new OutputTarget.Plain(kind, 1514, 0)),
        },
        FlowTrail.Empty);

    private static Row Row(KeyField field, uint value, Edge edge) => new(Cube.Of(field, value, 0xff), edge);

    private static string Fate(Edge edge, UInt128[] packet)
    {
        var edits = edge.Edits;
        while (edge.Target is Target.Go(var node))
        {
            edge = node.Rows.FirstOrDefault(row => Matches(row.Cube, packet))?.Edge ?? node.Default;
            edits = edits.Then(edge.Edits);
        }

        return edge.Target is Target.Forward(var output) ? $"{output} after {edits}" : edge.Target.ToString();
    }

    private static bool Matches(Cube cube, UInt128[] packet) =>
        cube.Terms.All(term => (packet[Array.IndexOf(s_fields, term.Field)] & term.Mask) == term.Value);

    private static IEnumerable<UInt128[]> Packets() =>
        from mac in Enumerable.Range(0, 5)
        from source in Enumerable.Range(0, 4)
        from destination in Enumerable.Range(0, 5)
        from sender in Enumerable.Range(0, 5)
        select new UInt128[] { (uint)mac, (uint)source, (uint)destination, (uint)sender };
}
