using System.Globalization;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>Port bindings by name and by what evaluation looks for, followed from version to version of the database.</summary>
public sealed class PortIndex
{
    private readonly Dictionary<string, PortBinding> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, SortedDictionary<string, PortBinding>> _localnets = [];
    private readonly Dictionary<(Guid, int), PortBinding> _byKey = [];
    private readonly SortedDictionary<string, PortBinding> _doors = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, HashSet<string>> _patches = [];
    private readonly Dictionary<Guid, IReadOnlySet<ulong>> _routers = [];

    /// <summary>Ports that packets may come in by on some chassis: all but those that are bound elsewhere or only lead on.</summary>
    public IReadOnlyCollection<PortBinding> Doors => _doors.Values;

    public PortBinding? Find(string name) => _byName.GetValueOrDefault(name);

    public PortBinding? Localnet(Guid datapath) => _localnets.GetValueOrDefault(datapath)?.Values.First();

    public PortBinding? Find(Guid datapath, int tunnelKey) => _byKey.GetValueOrDefault((datapath, tunnelKey));

    /// <summary>The Ethernet addresses of the router ports that a switch has patch ports to.</summary>
    public IReadOnlySet<ulong> Routers(Guid datapath)
    {
        if (!_routers.TryGetValue(datapath, out var addresses))
        {
            addresses = (_patches.GetValueOrDefault(datapath) ?? [])
                .Select(name => Find(Find(name)?.Options.Find("peer") ?? "")).OfType<PortBinding>()
                .SelectMany(peer => peer.Mac).Select(mac => MacAddress.TryParse(mac.Split(' ')[0], out var address) ? address.Value : 0)
                .ToHashSet();
            _routers.Add(datapath, addresses);
        }

        return addresses;
    }

    /// <param name="before">The version that this index has.</param>
    /// <param name="now">The version to go to.</param>
    /// <param name="here">The Chassis row that VIFs must be bound to.</param>
    /// <param name="changed">Gets what is different.</param>
    public void Update(Southbound before, Southbound now, Guid? here, ISet<InputKey> changed)
    {
        var changes = now.PortBindings.ChangesSince(before.PortBindings);
        foreach (var (old, _) in changes)
        {
            if (old is not null)
            {
                Mark(old, changed);
                Remove(old);
            }
        }

        foreach (var (_, current) in changes)
        {
            if (current is not null)
            {
                Add(current, here);
                Mark(current, changed);
            }
        }
    }

    private void Mark(PortBinding port, ISet<InputKey> changed)
    {
        changed.Add(InputKey.Of(InputKind.Port, port.LogicalPort));
        changed.Add(InputKey.Of(InputKind.Port, port.Uuid));
        changed.Add(ByKey(port.Datapath, port.TunnelKey));
        if (port.Type == "localnet")
        {
            changed.Add(InputKey.Of(InputKind.Localnet, port.Datapath));
        }

        if (port.Type == "patch")
        {
            foreach (var datapath in (Guid?[])[port.Datapath, Find(port.Options.Find("peer") ?? "")?.Datapath])
            {
                if (datapath is { } one && (_routers.Remove(one) || !_patches.ContainsKey(one)))
                {
                    changed.Add(InputKey.Of(InputKind.Routers, one));
                }
            }
        }
    }

    /// <summary>The input that a port with this tunnel key is, whether there is one or not.</summary>
    public static InputKey ByKey(Guid datapath, int tunnelKey) =>
        new(InputKind.Port, datapath, tunnelKey.ToString(CultureInfo.InvariantCulture));

    private static bool IsDoor(PortBinding port, Guid? here) => port.Type switch
    {
        "localnet" or "localport" => true,
        "" or "l3gateway" or "l2gateway" or "chassisredirect" => port.Chassis is { } chassis && chassis == here,
        _ => false,
    };

    private void Add(PortBinding port, Guid? here)
    {
        _byName[port.LogicalPort] = port;
        _byKey[(port.Datapath, port.TunnelKey)] = port;
        if (IsDoor(port, here))
        {
            _doors[port.LogicalPort] = port;
        }

        if (port.Type == "patch")
        {
            if (!_patches.TryGetValue(port.Datapath, out var patches))
            {
                _patches.Add(port.Datapath, patches = []);
            }

            patches.Add(port.LogicalPort);
        }

        if (port.Type == "localnet")
        {
            if (!_localnets.TryGetValue(port.Datapath, out var localnets))
            {
                _localnets.Add(port.Datapath, localnets = new(StringComparer.Ordinal));
            }

            localnets[port.LogicalPort] = port;
        }
    }

    private void Remove(PortBinding port)
    {
        _byName.Remove(port.LogicalPort);
        _byKey.Remove((port.Datapath, port.TunnelKey));
        _doors.Remove(port.LogicalPort);
        _patches.GetValueOrDefault(port.Datapath)?.Remove(port.LogicalPort);
        if (_localnets.TryGetValue(port.Datapath, out var localnets) && localnets.Remove(port.LogicalPort) && localnets.Count == 0)
        {
            _localnets.Remove(port.Datapath);
        }
    }
}
