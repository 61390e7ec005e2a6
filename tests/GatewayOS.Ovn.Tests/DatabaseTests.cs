using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovn.Tests;

/// <summary>The typed databases against a real ovsdb-server with the schemas that Debian installs.</summary>
public sealed class DatabaseTests
{
    private const string SouthboundSchema = "/usr/share/ovn/ovn-sb.ovsschema";
    private const string SwitchSchema = "/usr/share/openvswitch/vswitch.ovsschema";

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public DatabaseTests()
    {
        Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");
        Assert.SkipUnless(File.Exists(SouthboundSchema), $"{SouthboundSchema} is not installed (ovn-central)");
        Assert.SkipUnless(File.Exists(SwitchSchema), $"{SwitchSchema} is not installed (openvswitch-switch)");
    }

    [Fact]
    public async Task Southbound_rows_arrive_typed_and_changes_are_found_between_snapshots()
    {
        using var server = OvsdbServer.Start(await File.ReadAllTextAsync(SouthboundSchema, _patience));
        await using var client = Southbound.Connect(Remote.ParseList(server.Remote));
        await client.LoadAsync(_patience);
        var result = await client.TransactAsync(
            [
                new Operation.Insert("Datapath_Binding", Row(("tunnel_key", Value.Of(7)), ("external_ids", Value.OfMap(TextMap.Of(("logical-router", "x"), ("name", "lr0"))))), "dp"),
                new Operation.Insert("Logical_Flow", Row(
                    ("logical_datapath", Value.OfNamedRow("dp")),
                    ("pipeline", Value.Of("ingress")),
                    ("table_id", Value.Of(3)),
                    ("priority", Value.Of(100)),
                    ("match", Value.Of("inport == \"lrp0\"")),
                    ("actions", Value.Of("next;")),
                    ("external_ids", Value.OfMap(TextMap.Of(("stage-name", "lr_in_ip_input")))))),
                new Operation.Insert("Port_Binding", Row(
                    ("logical_port", Value.Of("lrp0")),
                    ("type", Value.Of("patch")),
                    ("datapath", Value.OfNamedRow("dp")),
                    ("tunnel_key", Value.Of(1)),
                    ("mac", Value.OfSet(Value.Of("02:00:00:00:00:01 10.0.0.1/24"))))),
            ],
            _patience);
        Assert.Null(result.Error);

        var database = client.View.Database;
        var datapath = Assert.Single<DatapathBinding>(database.DatapathBindings);
        Assert.Equal((7, true, "lr0"), (datapath.TunnelKey, datapath.IsRouter, datapath.Name));
        var flow = Assert.Single<LogicalFlow>(database.LogicalFlows);
        Assert.Equal(datapath.Uuid, flow.LogicalDatapath);
        Assert.Equal((true, 3, 100, "inport == \"lrp0\"", "next;"), (flow.IsIngress, flow.TableId, flow.Priority, flow.Match, flow.Actions));
        Assert.Equal("lr_in_ip_input", flow.ExternalIds["stage-name"]);
        Assert.Equal(["02:00:00:00:00:01 10.0.0.1/24"], Assert.Single<PortBinding>(database.PortBindings).Mac);

        await client.TransactAsync(
            [new Operation.Update("Logical_Flow", [Condition.IsRow(flow.Uuid)], Row(("priority", Value.Of(90))))], _patience);
        var change = Assert.Single(client.View.Database.LogicalFlows.ChangesSince(database.LogicalFlows));
        Assert.Equal(flow with { Priority = 90 }, change.New);
        Assert.Same(database.PortBindings, client.View.Database.PortBindings);
    }

    [Fact]
    public async Task A_schema_without_some_of_the_tables_and_columns_gives_defaults()
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(SouthboundSchema, _patience))!;
        var tables = schema["tables"]!.AsObject();
        tables.Remove("Static_MAC_Binding");
        tables.Remove("Chassis_Template_Var");
        tables["Logical_Flow"]!["columns"]!.AsObject().Remove("tags");
        tables["Logical_Flow"]!["columns"]!.AsObject().Add("future", JsonNode.Parse("""{"type": "real"}"""));
        using var server = OvsdbServer.Start(schema.ToJsonString());
        await using var client = Southbound.Connect(Remote.ParseList(server.Remote));
        await client.LoadAsync(_patience);
        var result = await client.TransactAsync(
            [new Operation.Insert("Logical_Flow", Row(("pipeline", Value.Of("egress")), ("match", Value.Of("1"))))], _patience);
        Assert.Null(result.Error);
        Assert.Equal(TextMap.Empty, Assert.Single<LogicalFlow>(client.View.Database.LogicalFlows).Tags);
        Assert.Empty(client.View.Database.StaticMacBindings);
    }

    [Fact]
    public void Columns_that_rows_read_are_in_the_schema_but_for_those_of_newer_versions()
    {
        string[] newer =
        [
            "Advertised_MAC_Binding", "Advertised_Route", "BFD.chassis_name", "DNS.options", "Datapath_Binding.nb_uuid", "Datapath_Binding.type",
            "ECMP_Nexthop", "FDB.timestamp", "IGMP_Group.chassis_name", "IGMP_Group.protocol", "Learned_Route", "Load_Balancer.lr_datapath_group",
            "Load_Balancer.ls_datapath_group", "Logical_Flow.flow_desc", "Port_Binding.mirror_port", "Service_Monitor.chassis_name",
            "Service_Monitor.logical_input_port", "Service_Monitor.mac", "Service_Monitor.type",
        ];
        Assert.Subset(newer.ToHashSet(StringComparer.Ordinal), Absent(Southbound.Model, SouthboundSchema));
        Assert.Empty(Absent(LocalOpenVSwitch.Model, SwitchSchema));
    }

    [Fact]
    public async Task The_local_switch_is_read_as_ovn_controller_reads_it()
    {
        using var server = OvsdbServer.Start(await File.ReadAllTextAsync(SwitchSchema, _patience));
        await using var client = LocalOpenVSwitch.Connect(Remote.ParseList(server.Remote));
        Assert.Null((await client.LoadAsync(_patience)).IntegrationBridge);
        var result = await client.TransactAsync(
            [
                new Operation.Insert("SSL", Row(("private_key", Value.Of("/k")), ("certificate", Value.Of("/c")), ("ca_cert", Value.Of("/ca"))), "ssl"),
                new Operation.Insert("Interface", Row(
                    ("name", Value.Of("tap0")),
                    ("ofport", Value.Of(5)),
                    ("mtu", Value.Of(1500)),
                    ("mac_in_use", Value.Of("02:00:00:00:00:05")),
                    ("external_ids", Value.OfMap(TextMap.Of(("iface-id", "vm1")))),
                    ("ingress_policing_rate", Value.Of(1000))), "i"),
                new Operation.Insert("Port", Row(("name", Value.Of("tap0")), ("interfaces", Value.OfNamedRow("i")), ("tag", Value.Of(7))), "p"),
                new Operation.Insert("Bridge", Row(
                    ("name", Value.Of("br-int")),
                    ("ports", Value.OfNamedRow("p")),
                    ("external_ids", Value.OfMap(TextMap.Of(("ct-zone-vm1", "3"), ("ct-zone-lr0_dnat", "4"), ("ct-zone-bad", "x"), ("other", "5"))))), "b"),
                new Operation.Insert("Open_vSwitch", Row(
                    ("bridges", Value.OfNamedRow("b")),
                    ("ssl", Value.OfNamedRow("ssl")),
                    ("external_ids", Value.OfMap(TextMap.Of(("system-id", "gw1"), ("ovn-remote", "ssl:10.0.0.1:6642")))))),
            ],
            _patience);
        Assert.Null(result.Error);

        var local = client.View.Database;
        Assert.Equal(("gw1", "ssl:10.0.0.1:6642"), (local.Settings.SystemId, local.Settings.Remote));
        Assert.Equal(new TlsFiles("/k", "/c", "/ca"), local.TlsFiles);
        Assert.Equal(new Dictionary<string, ushort> { ["vm1"] = 3, ["lr0_dnat"] = 4 }, local.ConntrackZones.Zones.ToDictionary());
        var (port, device) = Assert.Single(local.InterfacesOf(local.IntegrationBridge!));
        Assert.Equal(7, port.Tag);
        Assert.Equal(
            ("tap0", 5, 1500, "02:00:00:00:00:05", "vm1", 1000L),
            (device.Name, device.Ofport, device.Mtu, device.MacInUse, device.IfaceId, device.IngressPolicingRate));

        await client.TransactAsync(
            [new Operation.Update("Interface", [Condition.IsRow(device.Uuid)], Row(("ofport", Value.OfSet())))], _patience);
        var change = Assert.Single(client.View.Database.Interfaces.ChangesSince(local.Interfaces));
        Assert.Equal<(Interface?, Interface?)>((device, device with { Ofport = null }), (change.Old, change.New));
    }

    private static SortedSet<string> Absent<TDatabase>(DatabaseModel<TDatabase> model, string schema)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(schema));
        var absent = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var slot in model.Tables)
        {
            if (!document.RootElement.GetProperty("tables").TryGetProperty(slot.TableName, out var table))
            {
                absent.Add(slot.TableName);
                continue;
            }

            var columns = table.GetProperty("columns");
            absent.UnionWith(slot.Columns.Where(column => !columns.TryGetProperty(column, out _)).Select(column => $"{slot.TableName}.{column}"));
        }

        return absent;
    }

    private static ImmutableDictionary<string, Value> Row(params IEnumerable<(string Column, Value Value)> columns) =>
        columns.ToImmutableDictionary(pair => pair.Column, pair => pair.Value);
}
