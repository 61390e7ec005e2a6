using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.Network;

/// <summary>What load balancers do besides logical flows: ovn-controller's own flows send back who is led to himself.</summary>
/// <remarks>Read when first asked for, as only packets of known connections ask, and followed from then on.</remarks>
internal sealed class LoadBalancerIndex
{
    private readonly Dictionary<IpAddress, int> _addresses = [];
    private readonly Dictionary<IpAddress, List<Hairpin>> _byBackend = [];
    private TextMap _variables = TextMap.Empty;
    private bool _isRead;

    /// <summary>Whether an address is one that a load balancer answers to, or seems to send from.</summary>
    public bool IsAddress(Southbound southbound, TextMap variables, IpAddress address)
    {
        Read(southbound, variables);
        return _addresses.ContainsKey(address);
    }

    /// <summary>The virtual addresses that may lead a backend back to itself.</summary>
    public IReadOnlyList<Hairpin> Of(Southbound southbound, TextMap variables, IpAddress backend)
    {
        Read(southbound, variables);
        return _byBackend.GetValueOrDefault(backend) ?? [];
    }

    public void Update(Southbound before, Southbound now, TextMap variables, ISet<InputKey> changed)
    {
        if (!_isRead)
        {
            return;
        }

        IReadOnlyList<RowChange<LoadBalancer>> changes = _variables.Equals(variables)
            ? now.LoadBalancers.ChangesSince(before.LoadBalancers)
            : [.. Table<LoadBalancer>.Empty.ChangesSince(before.LoadBalancers), .. now.LoadBalancers.ChangesSince(Table<LoadBalancer>.Empty)];
        foreach (var (old, _) in changes)
        {
            Count(old, _variables, -1, changed);
        }

        _variables = variables;
        foreach (var (_, current) in changes)
        {
            Count(current, variables, 1, changed);
        }
    }

    private void Read(Southbound southbound, TextMap variables)
    {
        if (!_isRead)
        {
            (_isRead, _variables) = (true, variables);
            var nobody = new HashSet<InputKey>();
            foreach (var row in southbound.LoadBalancers)
            {
                Count(row, variables, 1, nobody);
            }
        }
    }

    private void Count(LoadBalancer? row, TextMap variables, int count, ISet<InputKey> changed)
    {
        if (row is null)
        {
            return;
        }

        var snat = (row.Options.Find("hairpin_snat_ip") ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(text => IpAddress.TryParse(text, out var address) ? (IpAddress?)address : null).OfType<IpAddress>().ToList();
        foreach (var address in snat)
        {
            Count(address, count, changed);
        }

        var protocol = row.Protocol switch { "udp" => TransportProtocol.Udp, "sctp" => TransportProtocol.Sctp, _ => TransportProtocol.Tcp };
        foreach (var (key, value) in row.Vips)
        {
            // OVN leaves out what is no address, and a template whose variable has no value here.
            if (TemplateText.Expand(key, variables) is not { } text || LoadBalancerEnd.Parse(text) is not { } vip)
            {
                continue;
            }

            Count(vip.Address, count, changed);
            var answers = snat.Where(address => address.IsIpv6 == vip.Address.IsIpv6).Append(vip.Address).First();
            foreach (var backend in (TemplateText.Expand(value, variables) ?? "").Split(',').Select(one => LoadBalancerEnd.Parse(one)).OfType<LoadBalancerEnd>())
            {
                Count(new Hairpin(protocol, vip, backend, answers), count, changed);
            }
        }
    }

    private void Count(IpAddress address, int count, ISet<InputKey> changed)
    {
        changed.Add(InputKey.Of(InputKind.LoadBalancer, address.ToString()));
        if ((_addresses[address] = _addresses.GetValueOrDefault(address) + count) == 0)
        {
            _addresses.Remove(address);
        }
    }

    private void Count(Hairpin hairpin, int count, ISet<InputKey> changed)
    {
        changed.Add(InputKey.Of(InputKind.LoadBalancer, hairpin.Backend.Address.ToString()));
        if (!_byBackend.TryGetValue(hairpin.Backend.Address, out var hairpins))
        {
            _byBackend.Add(hairpin.Backend.Address, hairpins = []);
        }

        if (count > 0)
        {
            hairpins.Add(hairpin);
        }
        else
        {
            hairpins.Remove(hairpin);
        }

        if (hairpins.Count == 0)
        {
            _byBackend.Remove(hairpin.Backend.Address);
        }
    }
}
