using System.Collections.Immutable;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovn.Tests;

/// <summary>A chassis at a real ovsdb-server whose southbound schema is older or newer than what this was written for.</summary>
public sealed class SchemaVersionTests
{
    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public SchemaVersionTests()
    {
        Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");
        Assert.SkipUnless(File.Exists(SouthboundSchemas.Path), $"{SouthboundSchemas.Path} is not installed (ovn-central)");
    }

    [Theory]
    [InlineData("22.03")]
    [InlineData("installed")]
    [InlineData("future")]
    public async Task The_rows_of_local_datapaths_are_followed(string version)
    {
        using var server = await ServeAsync(Schema(version));
        await using var writer = await WriterAsync(server);
        await using var chassis = Follow(server);
        var before = await chassis.LoadAsync(_patience);
        Assert.Equal("a", Local(before));
        Assert.Equal(["flow of a"], before.LogicalFlows.Select(flow => flow.Match));
        Assert.Equal(["02:00:00:00:00:0a"], before.MacBindings.Select(row => row.Mac));

        await BindAsync(writer, "b");
        var after = await UntilAsync(chassis, database => Local(database) == "a b");
        Assert.Equal(["flow of a", "flow of b"], after.LogicalFlows.Select(flow => flow.Match).Order(StringComparer.Ordinal));
        Assert.Same(before.LogicalFlows.Single(), after.LogicalFlows.Single(flow => flow.Match == "flow of a"));

        await WriteAsync(writer, new Operation.Delete("Logical_Flow", [new Condition("match", "==", Value.Of("flow of a"))]));
        var last = await UntilAsync(chassis, database => database.LogicalFlows.Count == 1);
        Assert.Equal(["flow of b"], last.LogicalFlows.Select(flow => flow.Match));
    }

    [Fact]
    public async Task What_22_03_lacks_has_defaults()
    {
        using var server = await ServeAsync(SouthboundSchemas.Of2203);
        await using var chassis = Follow(server);
        var database = await chassis.LoadAsync(_patience);
        var port = Assert.Single<PortBinding>(database.PortBindings);
        Assert.Empty(port.PortSecurity);
        Assert.Empty(port.AdditionalChassis);
        Assert.Empty(port.MirrorRules);
        Assert.Empty(database.StaticMacBindings);
        Assert.Empty(database.ChassisTemplateVars);
        Assert.Empty(database.Mirrors);
    }

    [Fact]
    public async Task What_is_unknown_may_change_and_nothing_is_seen_of_it()
    {
        using var server = await ServeAsync(SouthboundSchemas.OfTheFuture);
        await using var writer = await WriterAsync(server);
        await using var chassis = Follow(server);
        var before = await chassis.LoadAsync(_patience);
        await WriteAsync(
            writer,
            new Operation.Update("Logical_Flow", [], Row(("future", Value.OfMap(TextMap.Empty)))),
            new Operation.Insert("Future", Row(("flow", Value.Of(before.LogicalFlows.Single().Uuid)))),
            new Operation.Update("SB_Global", [], Row(("nb_cfg", Value.Of(7)))));
        var after = await UntilAsync(chassis, database => database.SbGlobals.Single().NbCfg == 7);
        Assert.Empty(after.LogicalFlows.ChangesSince(before.LogicalFlows));
    }

    [Fact]
    public async Task A_database_that_is_upgraded_meanwhile_is_followed_with_what_is_new()
    {
        using var server = await ServeAsync(SouthboundSchemas.Of2203);
        await using var chassis = Follow(server);
        var before = await chassis.LoadAsync(_patience);
        server.Convert(SouthboundSchemas.Installed);
        await using var writer = await WriterAsync(server);
        await WriteAsync(writer, new Operation.Update("Port_Binding", [], Row(("port_security", Value.OfSet(Value.Of("02:00:00:00:00:0a"))))));
        var after = await UntilAsync(chassis, database => database.PortBindings.Any(port => port.PortSecurity.Count > 0));
        Assert.Equal("a", Local(after));
        Assert.Equal(before.LogicalFlows, after.LogicalFlows);
    }

    private static string Schema(string version) => version switch
    {
        "22.03" => SouthboundSchemas.Of2203,
        "future" => SouthboundSchemas.OfTheFuture,
        _ => SouthboundSchemas.Installed,
    };

    private static string Local(Southbound database)
    {
        var local = LocalDatapaths.Find(database, "gw1");
        return string.Join(' ', database.DatapathBindings.Where(row => local.Contains(row.Uuid)).Select(row => row.Name).Order(StringComparer.Ordinal));
    }

    private async Task<Southbound> UntilAsync(ChassisSouthbound chassis, Func<Southbound, bool> isReached)
    {
        await foreach (var view in chassis.ViewsAsync(_patience))
        {
            if (view.IsConnected && isReached(view.Database))
            {
                return view.Database;
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }

    private static ChassisSouthbound Follow(OvsdbServer server) =>
        new(Remote.ParseList(server.Remote), "gw1", everything: false, new ConnectionOptions { MinimumBackOff = TimeSpan.FromMilliseconds(20) });

    // Two switches with a port, a flow and a neighbour each; the port of the first is bound here.
    private async Task<OvsdbServer> ServeAsync(string schema)
    {
        var server = OvsdbServer.Start(schema);
        await using var writer = await WriterAsync(server);
        await WriteAsync(
            writer,
            [
                new Operation.Insert("SB_Global", Row(("nb_cfg", Value.Of(0)))),
                new Operation.Insert("Encap", Row(("type", Value.Of("geneve")), ("ip", Value.Of("192.0.2.1"))), "e"),
                new Operation.Insert("Chassis", Row(("name", Value.Of("gw1")), ("encaps", Value.OfNamedRow("e")))),
                .. Rows("a", 1),
                .. Rows("b", 2),
            ]);
        await BindAsync(writer, "a");
        return server;
    }

    private static IEnumerable<Operation> Rows(string name, int key) =>
    [
        new Operation.Insert("Datapath_Binding", Row(("tunnel_key", Value.Of(key)), ("external_ids", Value.OfMap(TextMap.Of(("logical-switch", name), ("name", name))))), name),
        new Operation.Insert("Port_Binding", Row(("logical_port", Value.Of($"{name}-vif")), ("datapath", Value.OfNamedRow(name)), ("tunnel_key", Value.Of(1)))),
        new Operation.Insert("MAC_Binding", Row(
            ("logical_port", Value.Of($"{name}-vif")), ("ip", Value.Of("10.0.0.1")), ("mac", Value.Of($"02:00:00:00:00:0{name}")), ("datapath", Value.OfNamedRow(name)))),
        new Operation.Insert("Logical_Flow", Row(
            ("logical_datapath", Value.OfNamedRow(name)), ("pipeline", Value.Of("ingress")), ("table_id", Value.Of(0)), ("priority", Value.Of(1)),
            ("match", Value.Of($"flow of {name}")), ("actions", Value.Of("drop;")))),
    ];

    private Task BindAsync(OvsdbClient<Southbound> writer, string datapath) => WriteAsync(
        writer,
        new Operation.Update(
            "Port_Binding",
            [new Condition("logical_port", "==", Value.Of($"{datapath}-vif"))],
            Row(("chassis", Value.Of(writer.View.Database.Chassis.Single().Uuid)))));

    private async Task<OvsdbClient<Southbound>> WriterAsync(OvsdbServer server)
    {
        var client = Southbound.Connect(Remote.ParseList(server.Remote));
        await client.LoadAsync(_patience);
        return client;
    }

    private async Task WriteAsync(OvsdbClient<Southbound> writer, params IReadOnlyList<Operation> operations) =>
        Assert.Null((await writer.TransactAsync(operations, _patience)).Error);

    private static ImmutableDictionary<string, Value> Row(params IEnumerable<(string Column, Value Value)> columns) =>
        columns.ToImmutableDictionary(pair => pair.Column, pair => pair.Value);
}
