using GatewayOS.Compiler.FloatingIps;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>The logical flows of floating IPs of real ovn-northd, written without conntrack.</summary>
public sealed class StatelessFloatingIpsTests : IDisposable
{
    private readonly OvnSandbox? _ovn = OvnSandbox.IsInstalled ? new OvnSandbox() : null;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OvnSandbox Ovn => _ovn!;

    public void Dispose() => _ovn?.Dispose();

    // What northd 23.03 writes for connections alone: for those of the other zone, and only where the answer is not conntrack's.
    [Fact]
    public async Task They_are_as_northd_writes_those_of_stateless_NAT()
    {
        await BuildAsync();
        AddNat(stateless: false);
        var (ours, _) = await ApplyAsync();
        Ovn.Northbound("lr-nat-del dr -- lr-nat-del gr");
        AddNat(stateless: true);
        string[] expected = [.. Texts((await LoadAsync()).LogicalFlows)], actual = [.. Texts(ours).Select(text => text.Replace(" && (!ct.trk || !ct.rpl)", "", StringComparison.Ordinal))];
        Assert.Contains(expected, text => text.Contains("ip6.dst=fd00::11; next;", StringComparison.Ordinal));
        Assert.Empty(expected.Except(actual));
        Assert.All(actual.Except(expected), text => Assert.Matches("use_snat_zone == 1.* => next;|reg9\\[4\\] == 1 => .*reg9\\[4\\]=0; ip[46].src=[0-9a-f.:]+; next;", text));
    }

    // ovn-northd leaves the flow for everybody behind a gateway router, which stateless NAT then asks conntrack by.
    [Fact]
    public async Task What_asks_for_everybodys_connections_on_a_gateway_router_has_a_copy_that_does_not()
    {
        await BuildAsync();
        AddNat(stateless: false);
        var (ours, copies) = await ApplyAsync();
        var copy = Assert.Single(copies);
        var original = Assert.Single(ours, flow => flow is { IsIngress: false, Match: "ip" } && flow.Actions.Contains("ct_dnat;", StringComparison.Ordinal));
        Assert.Equal((original.TableId, original.Priority + 1, "ip4.src == 10.1.0.11 && (ip)", "flags.loopback = 1; next;"), (copy.TableId, copy.Priority, copy.Match, copy.Actions));
    }

    [Theory]
    [InlineData("lr-nat-add gr snat 172.16.1.50 10.1.0.0/24")]
    [InlineData("lb-add lb 172.16.1.50:80 10.1.0.12:80 -- lr-lb-add gr lb")]
    [InlineData("lb-add lb 172.16.1.99:80 10.1.0.11:80 -- lr-lb-add gr lb")]
    public async Task One_whose_flows_serve_others_stays_as_it_is(string command)
    {
        await BuildAsync();
        AddNat(stateless: false);
        Ovn.Northbound(command);
        var (ours, copies) = await ApplyAsync();
        Assert.Contains(ours, flow => flow.Actions.Contains("ct_dnat(10.1.0.11)", StringComparison.Ordinal));
        Assert.DoesNotContain(ours, flow => flow.Actions.Contains("ip4.dst = 10.1.0.11", StringComparison.Ordinal));
        Assert.Empty(copies);
    }

    [Fact]
    public async Task Step_by_step_they_are_what_they_are_at_once()
    {
        await BuildAsync();
        var followed = new StatelessFloatingIps();
        followed.Apply(await LoadAsync());
        AddNat(stateless: false);
        var before = followed.Apply(await LoadAsync());
        foreach (var command in new[] { "lb-add lb 172.16.1.99:80 10.1.0.11:80 -- lr-lb-add gr lb", "lr-nat-del dr dnat_and_snat 172.16.0.51", "lr-lb-del gr lb", "lr-nat-del gr" })
        {
            Ovn.Northbound(command);
            var now = await LoadAsync();
            var step = followed.Apply(now);
            Assert.Equal(Rows(new StatelessFloatingIps().Apply(now).LogicalFlows), Rows(step.LogicalFlows));
            Assert.NotEqual(Rows(before.LogicalFlows), Rows(step.LogicalFlows));
            before = step;
        }
    }

    // dr: a distributed router with a floating IP on the gateway, one on the hypervisor and one of IPv6; gr: a gateway router with one.
    private Task BuildAsync()
    {
        Assert.SkipUnless(OvnSandbox.IsInstalled, "needs ovn-central and openvswitch-switch (make bootstrap installs them)");
        foreach (var (chassis, ip) in new[] { ("gw1", "172.31.0.1"), ("hv1", "172.31.0.2") })
        {
            Ovn.Southbound($"chassis-add {chassis} geneve {ip}", $"set Chassis {chassis} other_config:ct-no-masked-label=true other_config:ovn-ct-lb-related=true");
        }

        Ovn.Northbound(
            "lr-add dr -- lrp-add dr dr-ls 02:00:00:00:01:01 10.0.0.1/24 fd00::1/64 -- lrp-add dr dr-pub 02:00:00:00:01:02 172.16.0.1/24 fd01::1/64 -- lrp-set-gateway-chassis dr-pub gw1",
            "ls-add ls -- lsp-add ls ls-dr -- lsp-set-type ls-dr router -- lsp-set-addresses ls-dr router -- lsp-set-options ls-dr router-port=dr-ls",
            "lsp-add ls vm1 -- lsp-add ls vm2 -- ls-add pub -- lsp-add pub pub-dr -- lsp-set-type pub-dr router -- lsp-set-addresses pub-dr router -- lsp-set-options pub-dr router-port=dr-pub",
            "lr-add gr -- set Logical_Router gr options:chassis=gw1 -- lrp-add gr gr-in 02:00:00:00:02:01 10.1.0.1/24 -- lrp-add gr gr-pub 02:00:00:00:02:02 172.16.1.1/24");
        return Task.CompletedTask;
    }

    private void AddNat(bool stateless)
    {
        var option = stateless ? "--stateless " : "";
        Ovn.Northbound(
            $"{option}lr-nat-add dr dnat_and_snat 172.16.0.50 10.0.0.11",
            $"{option}lr-nat-add dr dnat_and_snat 172.16.0.51 10.0.0.12 vm2 02:00:00:00:03:51",
            $"{option}lr-nat-add dr dnat_and_snat fd01::50 fd00::11",
            $"{option}lr-nat-add gr dnat_and_snat 172.16.1.50 10.1.0.11",
            "lr-nat-add dr snat 172.16.0.1 10.0.0.0/24");
    }

    private Task<Southbound> LoadAsync() => Southbound.LoadAsync([Ovsdb.Remote.Parse(Ovn.Remote)], cancellationToken: Token);

    /// <summary>The flows that were in the database, as they are written now, and those that were not.</summary>
    private async Task<(IReadOnlyList<LogicalFlow> Ours, IReadOnlyList<LogicalFlow> Copies)> ApplyAsync()
    {
        var southbound = await LoadAsync();
        var flows = new StatelessFloatingIps().Apply(southbound).LogicalFlows.ToLookup(flow => southbound.LogicalFlows.ContainsKey(flow.Uuid));
        return ([.. flows[true]], [.. flows[false]]);
    }

    // ovn-northd writes "ip4.dst=1.2.3.4".
    private static IEnumerable<string> Texts(IEnumerable<LogicalFlow> flows) =>
        flows.Select(flow => $"{flow.Pipeline} {flow.TableId} {flow.Priority} {flow.Match} => {flow.Actions.Replace(" = ", "=", StringComparison.Ordinal)}").Order(StringComparer.Ordinal);

    private static IEnumerable<LogicalFlow> Rows(IEnumerable<LogicalFlow> flows) => flows.OrderBy(flow => flow.Uuid);
}
