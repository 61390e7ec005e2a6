using System.Collections.Immutable;
using System.Globalization;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovn.Tests;

/// <summary>Our local datapaths beside those that a real ovn-controller installs flows for.</summary>
public sealed class RealControllerTests
{
    private const string Debian = "", Newer = "/opt/ovn-25.03/bin";

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token).Token;

    [Theory]
    [InlineData("basic-23.03", "gw1", Debian)]
    [InlineData("basic-23.03", "hv1", Debian)]
    [InlineData("neutron-23.03", "gw1", Debian)]
    [InlineData("neutron-23.03", "hv1", Debian)]
    [InlineData("ovn-kubernetes-23.03", "node0", Debian)]
    [InlineData("ovn-kubernetes-23.03", "node1", Debian)]
    [InlineData("scale-23.03", "gw1", Debian)]
    [InlineData("scale-23.03", "hv3", Debian)]
    [InlineData("basic-25.03", "gw1", Newer)]
    [InlineData("basic-25.03", "hv2", Newer)]
    [InlineData("neutron-25.03", "gw1", Newer)]
    [InlineData("neutron-25.03", "hv4", Newer)]
    [InlineData("ovn-kubernetes-25.03", "node0", Newer)]
    [InlineData("ovn-kubernetes-25.03", "node3", Newer)]
    public async Task In_a_corpus_it_has_flows_of_just_the_datapaths_that_we_find(string corpus, string chassis, string programs)
    {
        Assert.SkipUnless(Corpora.Exist, Corpora.Absent);
        SkipUnlessInstalled(programs);
        using var server = Corpora.Serve(corpus);
        await using var client = Southbound.Connect(Remote.ParseList(server.Remote));
        var before = await client.LoadAsync(_patience);
        var row = before.Chassis.Single(row => row.Name == chassis);
        using var controller = OvnController.Start(
            programs,
            server.Remote,
            chassis,
            row.Encaps.Select(uuid => before.Encaps[uuid].Ip).First(),
            before.PortBindings.Where(port => port.Type == "" && port.ParentPort is null && port.Chassis == row.Uuid).Select(port => port.LogicalPort));
        var number = before.SbGlobals.Single().NbCfg + 1;
        await client.TransactAsync([new Operation.Update("SB_Global", [], ImmutableDictionary<string, Value>.Empty.Add("nb_cfg", Value.Of(number)))], _patience);
        await InstalledAsync(client, chassis, number);

        var expected = controller.Datapaths();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Found(client.View.Database, chassis));
    }

    [Theory]
    [InlineData(Debian)]
    [InlineData(Newer)]
    public async Task With_ports_of_every_kind_it_has_too_but_for_what_older_versions_add(string programs)
    {
        Assert.SkipUnless(OvnCentral.IsInstalled, "ovn-northd is not installed (ovn-central)");
        SkipUnlessInstalled(programs);
        using var central = new OvnCentral();
        KindsOfPorts.Build(central);
        await using var client = Southbound.Connect(Remote.ParseList(central.Remote));
        await client.LoadAsync(_patience);
        using var controller = OvnController.Start(programs, central.Remote, "gw1", "192.0.2.1", KindsOfPorts.Interfaces);

        // Groups name chassis: ovn-northd has to see ours first, and we what it makes of it.
        await client.WaitForAsync(view => view.Database.Chassis.Any(row => row.Name == "gw1"), _patience);
        central.Northbound("sync");
        var number = long.Parse(central.Southbound("--bare --columns=nb_cfg list SB_Global"), CultureInfo.InvariantCulture);
        await InstalledAsync(client, "gw1", number);

        var database = client.View.Database;
        Assert.Equal(KindsOfPorts.Local, Names(database, Found(database, "gw1")));
        Assert.Contains(Names(database, controller.Datapaths()), new[] { KindsOfPorts.Local, KindsOfPorts.LocalOnceMore }, SortedSet<string>.CreateSetComparer());
    }

    private static void SkipUnlessInstalled(string programs) => Assert.SkipUnless(
        OvnController.IsInstalled(programs), $"ovn-controller, ovs-vswitchd are not installed ({(programs.Length > 0 ? programs : "Debian")})");

    private static SortedSet<int> Found(Southbound database, string chassis) =>
        [.. LocalDatapaths.Find(database, chassis).Datapaths.Select(uuid => database.DatapathBindings[uuid].TunnelKey)];

    private static SortedSet<string> Names(Southbound database, SortedSet<int> keys) =>
        new(database.DatapathBindings.Where(row => keys.Contains(row.TunnelKey)).Select(row => row.Name), StringComparer.Ordinal);

    // ovn-controller repeats the number of SB_Global when all flows of that state are installed.
    private Task<DatabaseView<Southbound>> InstalledAsync(OvsdbClient<Southbound> client, string chassis, long number) =>
        client.WaitForAsync(view => view.Database.ChassisPrivates.Any(row => row.Name == chassis && row.NbCfg == number), _patience);
}
