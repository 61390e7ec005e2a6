using System.Collections.Immutable;
using System.Globalization;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovn.Tests;

/// <summary>What a chassis fetches of a real southbound database, and that it never sees half of what it needs.</summary>
public sealed class ChassisSouthboundTests
{
    private const string Schema = "/usr/share/ovn/ovn-sb.ovsschema";

    private static readonly string[] s_datapaths = ["a", "b", "c"];

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public ChassisSouthboundTests()
    {
        Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");
        Assert.SkipUnless(File.Exists(Schema), $"{Schema} is not installed (ovn-central)");
    }

    [Fact]
    public async Task Rows_of_local_datapaths_are_fetched_and_those_of_others_not()
    {
        using var server = await ServeAsync();
        await using var writer = await WriterAsync(server);
        await BindAsync(writer, "a", "gw1");
        var all = writer.View.Database;
        var seen = await LoadAsync(server, "gw1", everything: false);

        var a = Datapath(all, "a");
        Assert.Equal("a", string.Join(' ', Local(seen, "gw1").Select(datapath => datapath.Name)));
        Assert.Equal(Flows(all, a), Flows(seen, a));
        Assert.Equal(all.LogicalFlows.Where(flow => flow.LogicalDatapath == a.Uuid || flow.LogicalDpGroup is not null), seen.LogicalFlows);
        Assert.Equal(all.MacBindings.Where(row => row.Datapath == a.Uuid), seen.MacBindings);
        Assert.Equal(all.Fdb.Where(row => row.DpKey == a.TunnelKey), seen.Fdb);
        Assert.Equal(all.MulticastGroups.Where(row => row.Datapath == a.Uuid), seen.MulticastGroups);
        Assert.Equal(all.Dns.Where(row => row.Datapaths.Contains(a.Uuid)), seen.Dns);
        Assert.Equal(all.PortBindings.Where(row => row.Datapath == a.Uuid), seen.PortBindings);
        Assert.Equal(["gw1"], seen.ChassisTemplateVars.Select(row => row.Chassis));
        Assert.Equal(["gw1"], seen.ChassisPrivates.Select(row => row.Name));
        Assert.Equal(all.DatapathBindings, seen.DatapathBindings);
        Assert.Equal(all.LogicalDpGroups, seen.LogicalDpGroups);
        Assert.Equal(all.Chassis, seen.Chassis);
    }

    [Fact]
    public async Task With_monitor_all_every_row_is_fetched()
    {
        using var server = await ServeAsync();
        await using var writer = await WriterAsync(server);
        var seen = await LoadAsync(server, "gw1", everything: true);
        Assert.Equal(writer.View.Database.LogicalFlows, seen.LogicalFlows);
        Assert.Equal(writer.View.Database.MacBindings, seen.MacBindings);
    }

    [Theory]
    [InlineData("gw9")]
    [InlineData(null)]
    public async Task A_chassis_without_a_row_or_a_name_needs_no_datapath(string? name)
    {
        using var server = await ServeAsync();
        var seen = await LoadAsync(server, name, everything: false);
        Assert.Empty(seen.MacBindings);
        Assert.All(seen.LogicalFlows, flow => Assert.NotNull(flow.LogicalDpGroup));
    }

    [Fact]
    public async Task The_row_of_the_chassis_may_come_later()
    {
        using var server = await ServeAsync();
        await using var writer = await WriterAsync(server);
        await using var chassis = Follow(server, "gw3");
        var added = false;
        await foreach (var view in chassis.ViewsAsync(_patience))
        {
            if (view.IsConnected && !added)
            {
                added = true;
                await WriteAsync(writer, new Operation.Insert("Chassis", Row(("name", Value.Of("gw3")), ("encaps", Value.OfNamedRow("e3")))), Encap("e3"));
                await BindAsync(writer, "c", "gw3");
            }

            if (view.IsConnected && Local(view.Database, "gw3").Any())
            {
                AssertComplete(view.Database, "gw3");
                break;
            }
        }
    }

    [Fact]
    public async Task Whatever_becomes_local_is_seen_with_all_its_rows_in_every_snapshot()
    {
        using var server = await ServeAsync();
        await using var writer = await WriterAsync(server);
        await using var chassis = Follow(server, "gw1");
        var changing = ChangeAsync();
        var kinds = new HashSet<string>();
        await foreach (var view in chassis.ViewsAsync(_patience))
        {
            if (view.IsConnected)
            {
                kinds.Add(AssertComplete(view.Database, "gw1"));
                if (view.Database.SbGlobals.Single().NbCfg == 100)
                {
                    break;
                }
            }
        }

        await changing;
        Assert.True(kinds.Count > 2, $"only {string.Join(", ", kinds)} were seen to be local");

        async Task ChangeAsync()
        {
            // Each datapath comes and goes in its own rhythm, and gets a flow meanwhile.
            for (var i = 0; i <= 100; i++)
            {
                foreach (var (index, datapath) in s_datapaths.Index())
                {
                    await AddFlowAsync(writer, datapath);
                    await BindAsync(writer, datapath, i % (index + 2) == 0 ? "gw1" : "hv1");
                }

                await WriteAsync(writer, new Operation.Update("SB_Global", [], Row(("nb_cfg", Value.Of(i)))));
            }
        }
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_same_rows_are_followed()
    {
        using var server = await ServeAsync();
        await using (var first = await WriterAsync(server))
        {
            await BindAsync(first, "a", "gw1");
        }

        await using var chassis = Follow(server, "gw1");
        var before = await chassis.LoadAsync(_patience);
        server.Kill();
        server.Restart();
        await using var writer = await WriterAsync(server);
        await BindAsync(writer, "b", "gw1");
        await foreach (var view in chassis.ViewsAsync(_patience))
        {
            if (view.IsConnected && AssertComplete(view.Database, "gw1") == "a b")
            {
                Assert.Same(Datapath(before, "a"), Datapath(view.Database, "a"));
                break;
            }
        }
    }

    // A datapath's external ids say how many flows it has, in the same transactions. Returns the names of the local ones.
    private static string AssertComplete(Southbound database, string chassis)
    {
        var local = Local(database, chassis).ToList();
        Assert.All(local, datapath =>
        {
            Assert.Equal(int.Parse(datapath.ExternalIds["flows"], CultureInfo.InvariantCulture), Flows(database, datapath).Count());
            Assert.Single(database.MacBindings, row => row.Datapath == datapath.Uuid);
            Assert.Single(database.Fdb, row => row.DpKey == datapath.TunnelKey);
            Assert.Single(database.MulticastGroups, row => row.Datapath == datapath.Uuid);
            Assert.Equal(2, database.PortBindings.Count(row => row.Datapath == datapath.Uuid));
        });
        return string.Join(' ', local.Select(datapath => datapath.Name).Order(StringComparer.Ordinal));
    }

    private static DatapathBinding Datapath(Southbound database, string name) => database.DatapathBindings.Single(row => row.Name == name);

    private static IEnumerable<DatapathBinding> Local(Southbound database, string chassis)
    {
        var local = LocalDatapaths.Find(database, chassis);
        return database.DatapathBindings.Where(row => local.Contains(row.Uuid));
    }

    private static IEnumerable<LogicalFlow> Flows(Southbound database, DatapathBinding datapath) =>
        database.LogicalFlows.Where(flow => flow.LogicalDatapath == datapath.Uuid);

    private static ChassisSouthbound Follow(OvsdbServer server, string? chassis, bool everything = false) => new(
        Remote.ParseList(server.Remote), chassis, everything, new ConnectionOptions { MinimumBackOff = TimeSpan.FromMilliseconds(20) });

    private async Task<Southbound> LoadAsync(OvsdbServer server, string? chassis, bool everything)
    {
        await using var client = Follow(server, chassis, everything);
        return await client.LoadAsync(_patience);
    }

    private async Task<OvsdbClient<Southbound>> WriterAsync(OvsdbServer server)
    {
        var client = Southbound.Connect(Remote.ParseList(server.Remote));
        await client.LoadAsync(_patience);
        return client;
    }

    private async Task WriteAsync(OvsdbClient<Southbound> writer, params IReadOnlyList<Operation> operations) =>
        Assert.Null((await writer.TransactAsync(operations, _patience)).Error);

    private Task BindAsync(OvsdbClient<Southbound> writer, string datapath, string chassis) => WriteAsync(
        writer,
        new Operation.Update(
            "Port_Binding",
            [new Condition("logical_port", "==", Value.Of($"{datapath}-vif"))],
            Row(("chassis", Value.Of(writer.View.Database.Chassis.Single(row => row.Name == chassis).Uuid)))));

    private Task AddFlowAsync(OvsdbClient<Southbound> writer, string name)
    {
        var datapath = Datapath(writer.View.Database, name);
        var flows = int.Parse(datapath.ExternalIds["flows"], CultureInfo.InvariantCulture) + 1;
        return WriteAsync(
            writer,
            Flow(("logical_datapath", Value.Of(datapath.Uuid))),
            new Operation.Update("Datapath_Binding", [Condition.IsRow(datapath.Uuid)], Row(("external_ids", Ids(name, flows)))));
    }

    // Three switches, each with a VIF and a localnet port, five flows and one row of what else a datapath has; two of them share a flow.
    private async Task<OvsdbServer> ServeAsync()
    {
        var server = OvsdbServer.Start(await File.ReadAllTextAsync(Schema, _patience));
        await using var writer = await WriterAsync(server);
        await WriteAsync(
            writer,
            [
                new Operation.Insert("SB_Global", Row(("nb_cfg", Value.Of(0)))),
                new Operation.Insert("Chassis", Row(("name", Value.Of("gw1")), ("encaps", Value.OfNamedRow("e1")))),
                Encap("e1"),
                new Operation.Insert("Chassis", Row(("name", Value.Of("hv1")), ("encaps", Value.OfNamedRow("e2")))),
                Encap("e2"),
                .. new[] { "gw1", "hv1" }.SelectMany<string, Operation>(chassis =>
                [
                    new Operation.Insert("Chassis_Private", Row(("name", Value.Of(chassis)))),
                    new Operation.Insert("Chassis_Template_Var", Row(("chassis", Value.Of(chassis)))),
                ]),
                .. s_datapaths.Index().SelectMany(datapath => Rows(datapath.Item, datapath.Index + 1)),
                new Operation.Insert("Logical_DP_Group", Row(("datapaths", Value.OfSet(Value.OfNamedRow("b"), Value.OfNamedRow("c")))), "g"),
                Flow(("logical_dp_group", Value.OfNamedRow("g"))),
            ]);
        return server;
    }

    private static IEnumerable<Operation> Rows(string name, int key) =>
    [
        new Operation.Insert("Datapath_Binding", Row(("tunnel_key", Value.Of(key)), ("external_ids", Ids(name, 5))), name),
        .. Enumerable.Range(0, 5).Select(_ => Flow(("logical_datapath", Value.OfNamedRow(name)))),
        Port(name, "vif", "", 1),
        Port(name, "net", "localnet", 2),
        new Operation.Insert("MAC_Binding", Row(("logical_port", Value.Of($"{name}-vif")), ("ip", Value.Of("10.0.0.1")), ("datapath", Value.OfNamedRow(name)))),
        new Operation.Insert("FDB", Row(("dp_key", Value.Of(key)), ("port_key", Value.Of(1)), ("mac", Value.Of("02:00:00:00:00:01")))),
        new Operation.Insert("Multicast_Group", Row(("name", Value.Of("all")), ("tunnel_key", Value.Of(32768)), ("datapath", Value.OfNamedRow(name)))),
        new Operation.Insert("DNS", Row(("datapaths", Value.OfNamedRow(name)))),
    ];

    private static Operation.Insert Port(string datapath, string name, string type, int key) => new("Port_Binding", Row(
        ("logical_port", Value.Of($"{datapath}-{name}")), ("type", Value.Of(type)), ("datapath", Value.OfNamedRow(datapath)), ("tunnel_key", Value.Of(key))));

    private static Operation.Insert Flow((string Column, Value Value) owner) => new("Logical_Flow", Row(
        owner, ("pipeline", Value.Of("ingress")), ("table_id", Value.Of(0)), ("priority", Value.Of(1)), ("match", Value.Of("1")), ("actions", Value.Of("drop;"))));

    private static Operation.Insert Encap(string name) => new("Encap", Row(("type", Value.Of("geneve")), ("ip", Value.Of($"192.0.2.{name[1]}"))), name);

    private static Value Ids(string name, int flows) => Value.OfMap(TextMap.Of(
        ("logical-switch", name), ("name", name), ("flows", flows.ToString(CultureInfo.InvariantCulture))));

    private static ImmutableDictionary<string, Value> Row(params IEnumerable<(string Column, Value Value)> columns) =>
        columns.ToImmutableDictionary(pair => pair.Column, pair => pair.Value);
}
