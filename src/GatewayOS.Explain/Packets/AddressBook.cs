using System.Globalization;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Explain.Packets;

/// <summary>Who has which addresses in the southbound database: for what the description of a packet leaves out.</summary>
internal sealed class AddressBook(Southbound southbound)
{
    private readonly ILookup<Guid, PortBinding> _ports = southbound.PortBindings.ToLookup(port => port.Datapath);
    private readonly Dictionary<string, PortBinding> _byName = southbound.PortBindings.ToDictionary(port => port.LogicalPort);

    public PortBinding? Port(string name) => _byName.GetValueOrDefault(name);

    /// <summary>VIFs with the address.</summary>
    public IEnumerable<PortBinding> Owners(IpAddress address) =>
        southbound.PortBindings.Where(port => port.Type == "" && Networks(port).Any(network => network.Address == address));

    /// <summary>The port's own MAC address, null if it is not known.</summary>
    public static MacAddress? MacOf(PortBinding port) => port.Mac
        .Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] && MacAddress.TryParse(first, out var mac) ? mac : (MacAddress?)null)
        .FirstOrDefault(mac => mac is not null);

    /// <summary>The MAC address that somebody beside a router has, as OVN has learned it or was told.</summary>
    public MacAddress? Learned(IpAddress address)
    {
        var text = southbound.MacBindings.FirstOrDefault(row => Is(row.Ip, address))?.Mac
            ?? southbound.StaticMacBindings.FirstOrDefault(row => Is(row.Ip, address))?.Mac;
        return MacAddress.TryParse(text, out var mac) ? mac : null;
    }

    /// <summary>The next hops on the datapath for a packet to the address: who has it there, else the routers that lead to it, else all routers.</summary>
    public IReadOnlyList<(string Port, MacAddress Mac)> NextHops(Guid datapath, IpAddress destination)
    {
        var owners = _ports[datapath].Where(port => Networks(port).Any(network => network.Address == destination)).ToList();
        var routers = _ports[datapath].Select(port => (Port: port, Peer: PeerOf(port))).Where(pair => pair.Peer is not null).ToList();
        var leading = routers.Where(pair => Networks(pair.Peer!).Any(network => network.Address == destination)
            || pair.Port.NatAddresses.Any(text => text.Split(' ').Any(word => Is(word, destination)))
            || LeadsTo(pair.Peer!, datapath, destination)).ToList();
        var chosen = owners.Count > 0 ? owners
            : [.. (leading.Count > 0 ? leading : routers).Select(pair => pair.Peer!)];
        return [.. chosen.Select(port => (port.LogicalPort, Mac: MacOf(port))).Where(pair => pair.Mac is not null).Select(pair => (pair.LogicalPort, pair.Mac!.Value))];
    }

    // Through the router and what is behind it, but not back over the datapath where the packet is.
    private bool LeadsTo(PortBinding router, Guid from, IpAddress destination)
    {
        var seen = new HashSet<Guid> { from };
        var pending = new Queue<Guid>([router.Datapath]);
        while (pending.TryDequeue(out var datapath))
        {
            if (!seen.Add(datapath))
            {
                continue;
            }

            foreach (var port in _ports[datapath])
            {
                var peer = PeerOf(port);
                if (peer?.Datapath != from && Networks(port).Any(network => network.Contains(destination)))
                {
                    return true;
                }

                if (peer is not null)
                {
                    pending.Enqueue(peer.Datapath);
                }
            }
        }

        return false;
    }

    private PortBinding? PeerOf(PortBinding port) =>
        port.Type is "patch" or "l3gateway" && port.Options.Find("peer") is { } peer ? Port(peer) : null;

    // "MAC ADDRESS[/LENGTH] ...", or words such as unknown and router.
    private static IEnumerable<Network> Networks(PortBinding port) =>
        port.Mac.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)).Select(Network.Parse).OfType<Network>();

    private static bool Is(string text, IpAddress address) => IpAddress.TryParse(text, out var value) && value == address;

    private sealed record Network(IpAddress Address, int Length)
    {
        public static Network? Parse(string text)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            return IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address)
                ? new Network(address, slash >= 0 && int.TryParse(text[(slash + 1)..], CultureInfo.InvariantCulture, out var length) ? length : address.Width)
                : null;
        }

        public bool Contains(IpAddress other) =>
            other.IsIpv6 == Address.IsIpv6 && (Length == 0 || other.Value >> (Address.Width - Length) == Address.Value >> (Address.Width - Length));
    }
}
