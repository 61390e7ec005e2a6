using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Evaluates everything that can come in: by a front port, or by a tunnel (table 0 of br-int).</summary>
public sealed class EntryPoints(LogicalNetwork network, DeviceView device, IReadOnlySet<Guid> localDatapaths, NodeTable nodes)
{
    // With more, the input port is left open, and flows that ask about it punt.
    private const int DistinguishedLimit = 16;

    /// <summary>The number of logical tables evaluated so far.</summary>
    public int Evaluations { get; private set; }

    public IEnumerable<EntryPoint> All(PacketClass packetClass)
    {
        var roots = new RootCatalog(packetClass);
        var evaluator = new Evaluator(network, device, roots, nodes);
        var output = new PhysicalOutput(network, device, nodes, evaluator);
        foreach (var port in network.Southbound.PortBindings.Where(port => localDatapaths.Contains(port.Datapath)).OrderBy(port => port.LogicalPort, StringComparer.Ordinal))
        {
            foreach (var entry in FromPorts(port, roots, evaluator, output).Concat(FromTunnels(port, roots, output)))
            {
                yield return entry;
            }
        }

        Evaluations += evaluator.Evaluations;
    }

    private IEnumerable<EntryPoint> FromPorts(PortBinding port, RootCatalog roots, Evaluator evaluator, PhysicalOutput output)
    {
        foreach (var leg in device.Ports.Where(leg => IsAttached(port, leg)))
        {
            var passage = new Passage(new Origin.Port(leg.Number, port.LogicalPort), 0, int.MaxValue, InPortHidden: false);
            var state = new SymbolicState(roots, new Ports(port.LogicalPort, ""), passage);
            var edge = evaluator.Run(new Position(port.Datapath, Pipeline.Ingress, 0), state);
            yield return new EntryPoint.Port(
                roots.Class, output.ExceptTo(leg.LocalAddresses, state, edge), leg.Number, port.Tag ?? 0, port.LogicalPort);
        }
    }

    private bool IsAttached(PortBinding port, DevicePort leg) => port.Type switch
    {
        "localnet" => port.Options.Find("network_name") is { } name && leg.Networks.Contains(name) && !RewritesAddresses(name)
            && PhysicalOutput.IsPlainVlan(port),
        "" => port.ParentPort is null && port.LogicalPort == leg.InterfaceId && network.IsHere(port) && port.AdditionalChassis.Count == 0,
        _ => false,
    };

    // With ovn-chassis-mac-mappings OVN translates source addresses at localnet ports; OVS does that.
    private bool RewritesAddresses(string networkName) => network.Southbound.Chassis.Any(chassis =>
        (chassis.OtherConfig.Find("ovn-chassis-mac-mappings") ?? chassis.ExternalIds.Find("ovn-chassis-mac-mappings") ?? "")
            .Split(',').Any(mapping => mapping.StartsWith(networkName + ":", StringComparison.Ordinal)));

    // One entry for whatever input port, and one for each that makes a difference: the port itself, whose packets the loopback
    // check would drop, and those that the egress pipeline asks about.
    private IEnumerable<EntryPoint> FromTunnels(PortBinding port, RootCatalog roots, PhysicalOutput output)
    {
        if (!IsTunnelTarget(port))
        {
            yield break;
        }

        var datapathKey = network.Datapath(port.Datapath).TunnelKey;
        var distinguished = Distinguished(port);
        var others = distinguished.Count <= DistinguishedLimit ? KnownFields.OtherPort : null;
        yield return new EntryPoint.Tunnel(
            roots.Class, Evaluate(port, others, roots, output), TunnelType.Geneve, datapathKey, port.TunnelKey, null, port.LogicalPort);
        foreach (var inPort in distinguished.Take(DistinguishedLimit))
        {
            yield return new EntryPoint.Tunnel(
                roots.Class, Evaluate(port, inPort.LogicalPort, roots, output),
                TunnelType.Geneve, datapathKey, port.TunnelKey, inPort.TunnelKey, port.LogicalPort);
        }

        if (datapathKey < 1 << 12 && port.TunnelKey < 1 << 11)
        {
            // VXLAN has no room for the input port: it stays 0.
            yield return new EntryPoint.Tunnel(
                roots.Class, Evaluate(port, "", roots, output),
                TunnelType.Vxlan, Tunnels.VxlanKey(datapathKey, port.TunnelKey), 0, null, port.LogicalPort);
        }
    }

    private List<PortBinding> Distinguished(PortBinding port)
    {
        var looped = port.Type == "chassisredirect" ? port.Options.Find("distributed-port") ?? "" : port.LogicalPort;
        return [.. network.InPortsTestedInEgress(port.Datapath).Prepend(looped).Distinct()
            .Select(network.Port).OfType<PortBinding>().Where(inPort => inPort.Datapath == port.Datapath)];
    }

    private bool IsTunnelTarget(PortBinding port) => port.Type switch
    {
        "" or "l3gateway" or "chassisredirect" => network.IsHere(port) && port.ParentPort is null && port.AdditionalChassis.Count == 0,
        _ => false,
    };

    private static Edge Evaluate(PortBinding port, string? inPort, RootCatalog roots, PhysicalOutput output) =>
        output.ToPort(port, new SymbolicState(
            roots, new Ports(inPort, port.LogicalPort), new Passage(Origin.Tunnel.Instance, 0, int.MaxValue, InPortHidden: false)));
}
