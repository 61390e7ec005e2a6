using GatewayOS.Compiler;
using GatewayOS.Control.Ports;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Control.Tests.Running;

/// <summary>What a chassis does not fetch, it does not need: the entries are the same.</summary>
public sealed class ConditionalMonitoringTests
{
    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token).Token;

    [Theory]
    [InlineData("basic-23.03")]
    [InlineData("basic-25.03")]
    [InlineData("neutron-23.03")]
    [InlineData("neutron-25.03")]
    [InlineData("ovn-kubernetes-23.03")]
    [InlineData("ovn-kubernetes-25.03")]
    public async Task Every_chassis_compiles_the_same_entries_from_the_rows_it_can_see_as_from_all(string corpus)
    {
        Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");
        Assert.SkipUnless(Corpora.Exist, Corpora.Absent);
        using var server = Corpora.Serve(corpus);
        var remotes = Remote.ParseList(server.Remote);
        var all = await Southbound.LoadAsync(remotes, cancellationToken: _patience);
        foreach (var chassis in all.Chassis.Select(row => row.Name).Order(StringComparer.Ordinal))
        {
            await using var client = new ChassisSouthbound(remotes, chassis, everything: false);
            var seen = await client.LoadAsync(_patience);
            Assert.True(LocalDatapaths.Find(all, chassis).Datapaths.SetEquals(LocalDatapaths.Find(seen, chassis).Datapaths), chassis);

            var device = AssumedDevice.Of(all, chassis);
            var (expected, actual) = (new PipelineCompiler().Compile(all, chassis, device), new PipelineCompiler().Compile(seen, chassis, device));
            Assert.NotEmpty(expected.Entries);
            Assert.Equal(expected.Entries.Select(entry => entry.Entry), actual.Entries.Select(entry => entry.Entry));
            Assert.Equal(expected.Reasons, actual.Reasons);
        }
    }
}
