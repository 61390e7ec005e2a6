using System.Collections.Immutable;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;

namespace GatewayOS.Ovn;

/// <summary>Which southbound rows one chassis needs, given the rows it has: what ovn-controller asks for when <c>ovn-monitor-all</c> is false.</summary>
/// <remarks>
/// The clauses are those of update_sb_monitors() in ovn-controller, less the ones that it needs to claim ports and to advertise routers
/// (names of local interfaces, requested chassis, nested containers of others, periodic router advertisements): this agent claims nothing. One is
/// added, for ports that also reside here during a migration.
/// <code>
/// nothing known --> our Chassis row --> ports that decide which datapaths are local --> rows of the local datapaths
/// </code>
/// A port that makes its datapath local, or leads from one to the next, meets a clause that does not ask for its datapath. So which datapaths are
/// local never depends on what was fetched, and the growth ends after the second change: a fixed point, whatever the order of updates.
/// As in ovn-controller all datapath groups and all flows of groups are fetched, because a group is replaced, not changed, when a datapath joins it.
/// </remarks>
public sealed class ChassisConditions(string? chassisName)
{
    private static readonly string[] s_deciding = ["patch", "chassisredirect", "external"];

    private (Southbound Database, MonitorConditions Conditions)? _last;

    /// <summary>The conditions; the rows are complete when they were fetched by these.</summary>
    public MonitorConditions For(Southbound database)
    {
        if (_last is not var (known, conditions) || !HasSameInputs(known, database))
        {
            conditions = Compose(database);
        }

        _last = (database, conditions);
        return conditions;
    }

    private static bool HasSameInputs(Southbound a, Southbound b) =>
        ReferenceEquals(a.Chassis, b.Chassis)
        && ReferenceEquals(a.PortBindings, b.PortBindings)
        && ReferenceEquals(a.DatapathBindings, b.DatapathBindings)
        && ReferenceEquals(a.HaChassisGroups, b.HaChassisGroups)
        && ReferenceEquals(a.HaChassis, b.HaChassis);

    private MonitorConditions Compose(Southbound database)
    {
        var chassis = database.Chassis.FirstOrDefault(row => string.Equals(row.Name, chassisName, StringComparison.Ordinal));
        var local = chassis is null ? [] : LocalDatapaths.Find(database, chassis.Name).Datapaths.Order().ToImmutableArray();
        return MonitorConditions.Of(
            Table<PortBinding>([.. Ports(chassis), .. OfDatapaths(local)]),
            Table<LogicalFlow>([.. OfDatapaths(local, "logical_datapath"), new Condition("logical_dp_group", "!=", Value.OfSet())]),
            Table<MacBinding>(OfDatapaths(local)),
            Table<Fdb>(local.Select(uuid => database.DatapathBindings.Find(uuid)).OfType<DatapathBinding>()
                .Select(row => new Condition("dp_key", "==", Value.Of(row.TunnelKey)))),
            Table<MulticastGroup>(OfDatapaths(local)),
            Table<Dns>(local.Select(uuid => new Condition("datapaths", "includes", Value.Of(uuid)))),
            Table<IpMulticast>(OfDatapaths(local)),
            Table<IgmpGroup>(chassis is null ? [] : [new Condition("chassis", "==", Value.Of(chassis.Uuid))]),
            Table<ChassisPrivate>(chassisName is null ? [] : [new Condition("name", "==", Value.Of(chassisName))]),
            Table<ChassisTemplateVar>(chassisName is null ? [] : [new Condition("chassis", "==", Value.Of(chassisName))]),
            Table<EcmpNexthop>(OfDatapaths(local)),
            Table<AdvertisedRoute>(OfDatapaths(local)),
            Table<AdvertisedMacBinding>(OfDatapaths(local)));
    }

    // The ports that decide which datapaths are local; see LocalDatapaths.
    private static IEnumerable<Condition> Ports(Chassis? chassis)
    {
        IEnumerable<Condition> everywhere = from type in s_deciding select new Condition("type", "==", Value.Of(type));
        return chassis is null
            ? everywhere
            :
            [
                .. everywhere,
                new Condition("chassis", "==", Value.Of(chassis.Uuid)),
                new Condition("additional_chassis", "includes", Value.Of(chassis.Uuid)),
                new Condition("options", "includes", Value.OfMap(TextMap.Of(("l2gateway-chassis", chassis.Name)))),
                new Condition("options", "includes", Value.OfMap(TextMap.Of(("l3gateway-chassis", chassis.Name)))),
            ];
    }

    private static IEnumerable<Condition> OfDatapaths(ImmutableArray<Guid> datapaths, string column = "datapath") =>
        datapaths.Select(uuid => new Condition(column, "==", Value.Of(uuid)));

    private static (string Table, IEnumerable<Condition> AnyOf) Table<TRow>(IEnumerable<Condition> anyOf)
        where TRow : class, IRow<TRow> => (TRow.TableName, anyOf);
}
