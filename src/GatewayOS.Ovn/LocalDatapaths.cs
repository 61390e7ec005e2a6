using System.Collections.Frozen;
using System.Collections.Immutable;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Ovn;

/// <summary>Which datapaths a chassis needs: those with a port here, and what is reached from them through patch ports.</summary>
/// <remarks>
/// The rules are ovn-controller's (controller/binding.c and local_data.c):
/// <list type="bullet">
/// <item>A VIF, nested container, virtual or mirror port counts where it is bound, also as an additional chassis.</item>
/// <item>An l2gateway or l3gateway port counts on the chassis that its options name.</item>
/// <item>A chassisredirect or external port counts on every member of its HA chassis group, active or not.</item>
/// <item>A localnet, localport or vtep port does not make its datapath local.</item>
/// <item>From a local datapath a patch port leads to its peer's, unless one of the two belongs to a distributed gateway port: then
/// the router is needed only where the gateway may be, or when the router handles traffic everywhere and is entered from its own side.</item>
/// </list>
/// Where versions differ the newer rule is taken: it never has more datapaths, and what is not here is left to OVS.
/// </remarks>
/// <param name="Datapaths">Datapath_Binding rows.</param>
/// <param name="ResidentPorts">The ports that made datapaths local, in UUID order.</param>
public sealed record LocalDatapaths(IReadOnlySet<Guid> Datapaths, ImmutableArray<PortBinding> ResidentPorts)
{
    public static LocalDatapaths None { get; } = new(FrozenSet<Guid>.Empty, []);

    public bool Contains(Guid datapath) => Datapaths.Contains(datapath);

    /// <summary>Finds the datapaths that a chassis needs; none if the chassis has no row yet.</summary>
    /// <param name="database">The southbound database.</param>
    /// <param name="chassisName">The system-id.</param>
    public static LocalDatapaths Find(Southbound database, string chassisName)
    {
        var chassis = database.Chassis.FirstOrDefault(row => string.Equals(row.Name, chassisName, StringComparison.Ordinal));
        return chassis is null ? None : new Search(database, chassis).Run();
    }

    private sealed class Search(Southbound database, Chassis chassis)
    {
        private readonly Dictionary<string, PortBinding> _ports =
            database.PortBindings.ToDictionary(port => port.LogicalPort, StringComparer.Ordinal);

        // Only patch and l3gateway ports have peers.
        private readonly ILookup<Guid, PortBinding> _connecting =
            database.PortBindings.Where(port => port.Type is "patch" or "l3gateway").ToLookup(port => port.Datapath);

        private readonly HashSet<Guid> _found = [];

        public LocalDatapaths Run()
        {
            var resident = database.PortBindings.Where(IsResident).ToImmutableArray();
            var pending = new Stack<Guid>(resident.Select(port => port.Datapath));
            while (pending.TryPop(out var datapath))
            {
                if (!_found.Add(datapath))
                {
                    continue;
                }

                foreach (var port in _connecting[datapath])
                {
                    if (Port(port.Options.Find("peer")) is { } peer && NeedsPeer(port, peer))
                    {
                        pending.Push(peer.Datapath);
                    }
                }
            }

            return new(_found.ToFrozenSet(), resident);
        }

        private bool IsResident(PortBinding port) => port.Type switch
        {
            "" or "virtual" or "mirror" => port.Chassis == chassis.Uuid || port.AdditionalChassis.Contains(chassis.Uuid),
            "l2gateway" => Names(port, "l2gateway-chassis"),
            "l3gateway" => Names(port, "l3gateway-chassis"),
            "chassisredirect" or "external" => IsCandidate(port),
            _ => false,
        };

        private bool Names(PortBinding port, string option) =>
            string.Equals(port.Options.Find(option), chassis.Name, StringComparison.Ordinal);

        private bool IsCandidate(PortBinding port) =>
            database.HaChassisGroups.Find(port.HaChassisGroup) is { } group
            && group.HaChassis.Any(member => database.HaChassis.Find(member)?.Chassis == chassis.Uuid);

        private PortBinding? Port(string? name) => name is not null && _ports.TryGetValue(name, out var port) ? port : null;

        private bool NeedsPeer(PortBinding port, PortBinding peer)
        {
            if (port.Type is "l3gateway")
            {
                return port.Chassis == chassis.Uuid && peer.Chassis == chassis.Uuid;
            }

            const string Redirect = "chassis-redirect-port";
            var (name, peerName) = (port.Options.Find(Redirect), peer.Options.Find(Redirect));
            if (name is null && peerName is null)
            {
                return true;
            }

            var (redirect, peerRedirect) = (Port(name), Port(peerName));
            return peerRedirect is not null && !IsRouter(port) && IsRouter(peer)
                ? IsCandidate(peerRedirect)
                : redirect is not null && (!AlwaysRedirects(redirect) || IsCandidate(redirect));
        }

        private bool IsRouter(PortBinding port) => database.DatapathBindings.Find(port.Datapath) is { IsRouter: true };

        private static bool AlwaysRedirects(PortBinding redirect) =>
            string.Equals(redirect.Options.Find("always-redirect"), "true", StringComparison.OrdinalIgnoreCase);
    }
}
