using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>QoS rules with a rate (<c>set_meter</c>).</summary>
public sealed class MeterTests
{
    private static readonly Dictionary<string, int> s_sizes = P4.Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size);

    [Theory]
    [InlineData("set_meter(1000, 200)", 1000, 200)]
    [InlineData("set_meter(1000)", 1000, 1000)]
    [InlineData("set_meter(4294967295)", uint.MaxValue, MeterCell.LargestBurst)]
    public void A_rate_is_a_meter_on_the_device(string action, uint rate, uint burst)
    {
        var pipeline = ToOut().Ingress("1", $"{action}; next;", 5).Compile();

        var cell = Assert.Single(Cells(pipeline));
        Assert.Equal((rate, burst), (cell.Rate, cell.Burst));
        Assert.Equal([$"forward_edit {cell.Index} 0"], Counted(pipeline));
    }

    [Fact]
    public void Each_logical_flow_has_a_meter_of_its_own_and_all_ports_behind_it_share_it()
    {
        var pipeline = ToOut().Ingress("ip4.src == 10.0.0.1", "set_meter(1000); next;", 2).Ingress("ip4.src == 10.0.0.2", "set_meter(1000); next;", 1).Compile();

        var cells = Cells(pipeline);
        Assert.Equal([(1000u, 1000u), (1000u, 1000u)], cells.Select(cell => (cell.Rate, cell.Burst)));
        Assert.Equal(cells.Select(cell => $"forward_edit {cell.Index} 0").Append("forward 0 0").Order(StringComparer.Ordinal), Counted(pipeline));
    }

    [Fact]
    public void A_packet_is_counted_by_the_rule_from_its_port_and_then_by_the_rule_to_its_port()
    {
        var pipeline = ToOut().Ingress("1", "set_meter(1000); next;", 5).Flow("egress", 0, "outport == \"out\"", "set_meter(2000); output;", 9).Compile();

        var (from, to) = (Cells(pipeline).Single(cell => cell.Rate == 1000).Index, Cells(pipeline).Single(cell => cell.Rate == 2000).Index);
        Assert.Equal([$"forward_edit {from} {to}"], Counted(pipeline));
    }

    [Theory]
    [InlineData("ingress", "forward_edit 1000 2000")]
    [InlineData("egress", "forward_edit 2000 1000")]
    public void Two_rules_of_one_direction_take_both_places(string direction, string expected)
    {
        var network = direction == "ingress"
            ? ToOut().Ingress("1", "set_meter(1000); next;", 5).Ingress("1", "set_meter(2000); next;", 5, table: 1)
            : ToOut().Flow("egress", 0, "1", "set_meter(1000); next;", 9).Flow("egress", 1, "1", "set_meter(2000); output;");
        var pipeline = network.Compile();

        var rates = Cells(pipeline).ToDictionary(cell => cell.Index, cell => cell.Rate);
        Assert.Equal([expected], Behind(pipeline).Select(call => $"{call.Name} {rates[(uint)call[ParameterNames.Meter]]} {rates[(uint)call[ParameterNames.Meter2]]}"));
    }

    [Fact]
    public void A_third_meter_on_a_path_is_left_to_OVS()
    {
        var network = ToOut().Ingress("1", "set_meter(1000); next;", 5).Ingress("1", "set_meter(2000); next;", 5, table: 1).Flow("egress", 0, "1", "set_meter(3000); output;", 9);

        Assert.Equal([Reasons.TooManyMeters], network.Reasons());
    }

    [Theory]
    [InlineData("set_meter(4294967296)")]
    [InlineData("set_meter(1000, 4294967296)")]
    public void What_OVS_has_no_meter_for_is_left_to_it(string action)
    {
        Assert.Equal([Reasons.About(Reasons.Unsupported, "set_meter")], ToOut().Ingress("1", $"{action}; next;", 5).Reasons());
    }

    [Fact]
    public void Packets_that_are_counted_ask_for_no_more_than_others()
    {
        var pipeline = new SmallNetwork().Machine("third")
            .Ingress("ip4.src == 10.0.0.1", "set_meter(1000); next;", 2).Ingress("1", "next;")
            .Ingress("eth.dst == 02:00:00:00:00:01", "outport = \"out\"; output;", 1, table: 1).Ingress("1", "outport = \"third\"; output;", table: 1)
            .Flow("egress", 0, "outport == \"out\"", "set_meter(2000); output;", 9).Compile();

        var (from, to) = (Cells(pipeline).Single(cell => cell.Rate == 1000).Index, Cells(pipeline).Single(cell => cell.Rate == 2000).Index);
        Assert.Equal(new[] { "forward 0 0", $"forward_edit 0 {to}", $"forward_edit {from} 0", $"forward_edit {from} {to}" }.Order(StringComparer.Ordinal), Counted(pipeline));
    }

    [Fact]
    public void Copies_that_are_counted_are_not_made_by_the_device()
    {
        var network = new SmallNetwork().Machine("third").Group("_MC_all", "out", "third").Ingress("1", "outport = \"_MC_all\"; output;");
        Assert.Equal([], network.Reasons());

        Assert.Equal([Reasons.Flood], network.Flow("egress", 0, "outport == \"third\"", "set_meter(1000); output;", 9).Reasons().Select(Reasons.KindOf));
    }

    [Fact]
    public void What_is_counted_before_it_is_copied_is_counted_once()
    {
        var pipeline = new SmallNetwork().Machine("third").Group("_MC_all", "out", "third").Ingress("1", "set_meter(1000); next;").Ingress("1", "outport = \"_MC_all\"; output;", table: 1).Compile();

        Assert.Equal([$"forward_edit {Assert.Single(Cells(pipeline)).Index} 0"], Counted(pipeline));
    }

    [Fact]
    public void Without_a_meter_left_the_packets_are_left_to_OVS()
    {
        var network = ToOut().Ingress("ip4.src == 10.0.0.1", "set_meter(1000); next;", 2).Ingress("ip4.src == 10.0.0.2", "set_meter(1000); next;", 1);
        var pipeline = network.Compile(new PipelineCompiler(s_sizes, new DeviceIds(1000, 1000, meters: 1)));

        var cell = Assert.Single(Cells(pipeline));
        Assert.Equal(["forward 0 0", $"forward_edit {cell.Index} 0"], Counted(pipeline).Where(call => call.StartsWith("forward", StringComparison.Ordinal)));
        Assert.Equal([Reasons.TableFull], SmallNetwork.Behind(pipeline).Select(entry => entry.Cause?.Reason).OfType<string>());
    }

    [Fact]
    public void Another_rate_is_another_meter_and_the_old_one_goes()
    {
        var (compiler, network) = (new PipelineCompiler(), ToOut());
        Assert.Empty(Cells(network.Compile(compiler)));

        network.Ingress("1", "set_meter(1000); next;", 1);
        var first = Assert.Single(Cells(network.Compile(compiler)));
        network.Ingress("1", "set_meter(2000); next;", 2);
        var pipeline = network.Compile(compiler);
        var second = Assert.Single(Cells(pipeline));

        Assert.Equal((1000u, 2000u), (first.Rate, second.Rate));
        Assert.NotEqual(first.Index, second.Index);
        Assert.Equal([$"forward_edit {second.Index} 0"], Counted(pipeline));
    }

    private static SmallNetwork ToOut() => new SmallNetwork().Ingress("1", "next;").Ingress("1", "next;", table: 1).Ingress("1", "outport = \"out\"; output;", table: 2);

    private static List<MeterCell> Cells(CompiledPipeline pipeline) =>
        [.. pipeline.Entries.Select(entry => entry.Entry).Where(entry => Metering.IsMeter(entry.Key)).Select(Metering.CellOf)];

    private static IEnumerable<ActionCall> Behind(CompiledPipeline pipeline) =>
        SmallNetwork.Behind(pipeline).Select(entry => (ActionCall)entry.Entry.Action).Where(call => call.Name is ActionNames.Forward or ActionNames.ForwardEdit);

    private static IEnumerable<string> Counted(CompiledPipeline pipeline) =>
        Behind(pipeline).Select(call => call.Name == ActionNames.Forward ? "forward 0 0" : $"{call.Name} {call[ParameterNames.Meter]} {call[ParameterNames.Meter2]}").Distinct().Order(StringComparer.Ordinal);
}
