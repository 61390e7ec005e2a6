using GatewayOS.Core;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Ovn.Tests;

/// <summary>The rules of ovn-controller, one by one, on networks just large enough to show them.</summary>
public sealed class LocalDatapathsTests
{
    private static readonly Guid s_here = Guid.NewGuid();
    private static readonly Guid s_there = Guid.NewGuid();

    [Theory]
    [InlineData("", true)]
    [InlineData("virtual", true)]
    [InlineData("mirror", true)]
    [InlineData("localnet", false)]
    [InlineData("localport", false)]
    [InlineData("vtep", false)]
    [InlineData("patch", false)]
    public void A_port_bound_here_makes_its_datapath_local_if_it_is_of_a_kind_that_is_bound(string type, bool expected)
    {
        var network = new Network().Switch("ls").Port("p", "ls", type, port => port with { Chassis = s_here });
        Assert.Equal(expected ? ["ls"] : [], network.LocalNames());
    }

    [Fact]
    public void A_port_bound_elsewhere_or_nowhere_does_not()
    {
        var network = new Network().Switch("a").Switch("b")
            .Port("p", "a", "", port => port with { Chassis = s_there })
            .Port("q", "b", "");
        Assert.Empty(network.LocalNames());
    }

    [Fact]
    public void A_port_that_migrates_here_counts_already()
    {
        var network = new Network().Switch("ls")
            .Port("p", "ls", "", port => port with { Chassis = s_there, AdditionalChassis = [s_here] });
        Assert.Equal(["ls"], network.LocalNames());
        Assert.Equal("p", Assert.Single(network.Local().ResidentPorts).LogicalPort);
    }

    [Theory]
    [InlineData("l2gateway", "l2gateway-chassis", "gw1", true)]
    [InlineData("l2gateway", "l2gateway-chassis", "gw2", false)]
    [InlineData("l3gateway", "l3gateway-chassis", "gw1", true)]
    [InlineData("l3gateway", "l3gateway-chassis", "gw2", false)]
    public void A_gateway_port_counts_on_the_chassis_its_options_name(string type, string option, string chassis, bool expected)
    {
        var network = new Network().Switch("ls").Port("p", "ls", type, port => port with { Options = TextMap.Of((option, chassis)) });
        Assert.Equal(expected ? ["ls"] : [], network.LocalNames());
    }

    [Theory]
    [InlineData("chassisredirect", true, true)]
    [InlineData("external", true, true)]
    [InlineData("chassisredirect", false, false)]
    [InlineData("external", false, false)]
    public void An_ha_port_counts_on_every_member_of_its_group_active_or_not(string type, bool isMember, bool expected)
    {
        var network = new Network().Switch("ls").Group("g", isMember).HaPort("p", "ls", type, "g");
        Assert.Equal(expected ? ["ls"] : [], network.LocalNames());
    }

    [Fact]
    public void Patch_ports_lead_on_through_routers_and_switches_and_end_in_cycles()
    {
        var network = new Network().Switch("a").Router("r").Switch("b").Router("s").Switch("far")
            .Patch("a", "r").Patch("r", "b").Patch("b", "s").Patch("s", "a")
            .Port("vm", "a", "", port => port with { Chassis = s_here })
            .Port("other", "far", "", port => port with { Chassis = s_there });
        Assert.Equal(["a", "b", "r", "s"], network.LocalNames());
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    public void From_a_provider_switch_the_router_behind_a_distributed_gateway_port_is_needed_only_where_the_gateway_may_be(
        bool isMember, bool alwaysRedirect, bool expected)
    {
        var network = Gateway(isMember, alwaysRedirect).Port("vm", "public", "", port => port with { Chassis = s_here });
        Assert.Equal(expected ? ["inside", "public", "r"] : ["public"], network.LocalNames());
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void From_inside_the_provider_switch_is_needed_unless_all_traffic_is_redirected_to_another_chassis(
        bool isMember, bool alwaysRedirect, bool expected)
    {
        var network = Gateway(isMember, alwaysRedirect).Port("vm", "inside", "", port => port with { Chassis = s_here });
        Assert.Equal(expected ? ["inside", "public", "r"] : ["inside", "r"], network.LocalNames());
    }

    [Fact]
    public void A_distributed_gateway_port_without_its_chassisredirect_port_leads_nowhere()
    {
        var network = new Network().Switch("inside").Router("r").Switch("public")
            .Patch("inside", "r")
            .Patch("r", "public", TextMap.Of(("chassis-redirect-port", "cr-missing")))
            .Port("vm", "inside", "", port => port with { Chassis = s_here });
        Assert.Equal(["inside", "r"], network.LocalNames());
    }

    [Theory]
    [InlineData(true, new[] { "gr", "join" })]
    [InlineData(false, new[] { "gr" })]
    public void A_gateway_router_leads_on_when_both_of_its_ports_ends_are_claimed_here(bool claimed, string[] expected)
    {
        var here = claimed ? s_here : (Guid?)null;
        var network = new Network().Router("gr").Switch("join")
            .Port("gr-join", "gr", "l3gateway", port => port with
            {
                Chassis = s_here,
                Options = TextMap.Of(("l3gateway-chassis", "gw1"), ("peer", "join-gr")),
            })
            .Port("join-gr", "join", "l3gateway", port => port with { Chassis = here, Options = TextMap.Of(("peer", "gr-join")) });
        Assert.Equal(expected, network.LocalNames());
    }

    [Fact]
    public void A_chassis_without_a_row_has_no_local_datapaths() =>
        Assert.Same(LocalDatapaths.None, LocalDatapaths.Find(Southbound.Empty, "gw1"));

    private static Network Gateway(bool isMember, bool alwaysRedirect) => new Network().Switch("inside").Router("r").Switch("public")
        .Patch("inside", "r")
        .Group("g", isMember)
        .HaPort("cr-r-public", "r", "chassisredirect", "g", TextMap.Of(("always-redirect", alwaysRedirect ? "true" : "false")))
        .Patch("r", "public", TextMap.Of(("chassis-redirect-port", "cr-r-public")));

    /// <summary>Builds a southbound database; the chassis under test is gw1.</summary>
    private sealed class Network
    {
        private readonly Dictionary<string, Guid> _datapaths = [];
        private readonly Dictionary<string, Guid> _groups = [];

        private Southbound _database = Southbound.Empty with
        {
            Chassis = [new Chassis { Uuid = s_here, Name = "gw1" }, new Chassis { Uuid = s_there, Name = "gw2" }],
        };

        public Network Switch(string name) => Datapath(name, TextMap.Of(("logical-switch", name), ("name", name)));

        public Network Router(string name) => Datapath(name, TextMap.Of(("logical-router", name), ("name", name)));

        public Network Port(string name, string datapath, string type, Func<PortBinding, PortBinding>? change = null)
        {
            var port = new PortBinding { Uuid = Guid.NewGuid(), LogicalPort = name, Type = type, Datapath = _datapaths[datapath] };
            _database = _database with { PortBindings = _database.PortBindings.With(change is null ? port : change(port)) };
            return this;
        }

        /// <summary>Two patch ports, a-b and b-a; the options are those of the first.</summary>
        public Network Patch(string a, string b, TextMap? options = null) =>
            Port($"{a}-{b}", a, "patch", port => port with
            {
                Options = TextMap.Of((options ?? TextMap.Empty).Select(pair => (pair.Key, pair.Value)).Append(("peer", $"{b}-{a}"))),
            })
            .Port($"{b}-{a}", b, "patch", port => port with { Options = TextMap.Of(("peer", $"{a}-{b}")) });

        public Network Group(string name, bool hasUs)
        {
            EquatableArray<HaChassis> members =
            [
                new HaChassis { Uuid = Guid.NewGuid(), Chassis = s_there, Priority = 20 },
                new HaChassis { Uuid = Guid.NewGuid(), Chassis = hasUs ? s_here : null, Priority = 10 },
            ];
            _groups[name] = Guid.NewGuid();
            _database = _database with
            {
                HaChassis = _database.HaChassis.With(members.AsSpan()),
                HaChassisGroups = _database.HaChassisGroups.With(new HaChassisGroup
                {
                    Uuid = _groups[name],
                    Name = name,
                    HaChassis = members.Select(member => member.Uuid).ToEquatableArray(),
                }),
            };
            return this;
        }

        public Network HaPort(string name, string datapath, string type, string group, TextMap? options = null) =>
            Port(name, datapath, type, port => port with { HaChassisGroup = _groups[group], Options = options ?? TextMap.Empty });

        public LocalDatapaths Local() => LocalDatapaths.Find(_database, "gw1");

        public IEnumerable<string> LocalNames()
        {
            var local = Local();
            return _database.DatapathBindings.Where(row => local.Contains(row.Uuid)).Select(row => row.Name).Order(StringComparer.Ordinal);
        }

        private Network Datapath(string name, TextMap ids)
        {
            _datapaths[name] = Guid.NewGuid();
            _database = _database with
            {
                DatapathBindings = _database.DatapathBindings.With(new DatapathBinding { Uuid = _datapaths[name], ExternalIds = ids }),
            };
            return this;
        }
    }
}
