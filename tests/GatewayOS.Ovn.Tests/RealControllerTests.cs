using System.Collections.Immutable;
using GatewayOS.Ovn.Rows;
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
    public async Task It_has_flows_of_just_the_datapaths_that_we_find(string corpus, string chassis, string programs)
    {
        Assert.SkipUnless(Corpora.Exist, Corpora.Absent);
        Assert.SkipUnless(OvnController.IsInstalled(programs), $"ovn-controller, ovs-vswitchd are not installed ({(programs.Length > 0 ? programs : "Debian")})");
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

        // It reports a number of SB_Global when all flows of that state are installed.
        var number = before.SbGlobals.Single().NbCfg + 1;
        await client.TransactAsync([new Operation.Update("SB_Global", [], ImmutableDictionary<string, Value>.Empty.Add("nb_cfg", Value.Of(number)))], _patience);
        await client.WaitForAsync(view => view.Database.ChassisPrivates.Any(mine => mine.Name == chassis && mine.NbCfg == number), _patience);

        var database = client.View.Database;
        var found = LocalDatapaths.Find(database, chassis).Datapaths.Select(uuid => database.DatapathBindings[uuid].TunnelKey);
        Assert.Equal(controller.Datapaths(), [.. found.Order()]);
        Assert.NotEmpty(found);
    }
}
