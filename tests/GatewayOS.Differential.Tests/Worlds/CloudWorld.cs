using System.Globalization;
using System.Reflection;
using GatewayOS.Core;
using GatewayOS.Differential.Tests.Running;

namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>Models of real clouds, as their management writes them into the northbound database (<c>Clouds/NAME.northbound</c>).</summary>
/// <remarks>
/// Neutron and ovn-kubernetes say by <c>requested-chassis</c> where a port is; <see cref="StockChassis.Name"/> stands for the gateway, or for node0. The next hop of every
/// route that names its output port has been learned there, as it would be after the first packet.
/// </remarks>
internal static class CloudWorld
{
    /// <summary>A card of the chassis costs a pair of links; the other machines on it stay unbound.</summary>
    private const int LocalLimit = 5;

    public static IReadOnlyList<string> Names { get; } = ["basic", "neutron", "ovn-kubernetes"];

    public static World Make(string name) => name switch
    {
        "basic" => Make(name, [new("hv1", 11), new("hv2", 12)], [], [new("vm0a", "hv1"), new("vm1a", "hv1"), new("vm0b", "hv2"), new("vm1b", "hv2")], []),
        "neutron" => Make(name, [.. Enumerable.Range(1, 4).Select(i => new RemoteChassis($"hv{i}", (byte)(i + 1)))], [], [], []),
        "ovn-kubernetes" => Make(
            name, [.. Enumerable.Range(1, 3).Select(i => new RemoteChassis($"node{i}", (byte)(i + 14)))], ["k8s-node0"],
            [.. Enumerable.Range(1, 3).Select(i => new RemotePort($"k8s-node{i}", $"node{i}"))],
            [.. new[] { "172.18.0.200", "172.18.0.201", "172.18.0.50", "fc00:f853:ccd:e793::50" }.Select(ip => ("rtoe-GR_node0", ip))]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"The clouds are {string.Join(", ", Names)}."),
    };

    private static World Make(string name, EquatableArray<RemoteChassis> tunnels, string[] local, RemotePort[] remote, (string Port, string Ip)[] neighbors)
    {
        var text = Read(name);
        var words = text.Split('\n').Select(line => line.Split(' ')).ToList();
        var requested = words.Where(line => line is ["set", "Logical_Switch_Port", _, ..])
            .SelectMany(line => line.Skip(3).Where(word => word.StartsWith(Requested, StringComparison.Ordinal)).Select(word => new RemotePort(line[2], word[Requested.Length..])))
            .ToList();
        var nextHops = words.Select(line => line.SkipWhile(word => word != "lr-route-add").ToList()).Where(line => line is [_, _, _, _, _, ..]).Select(line => (Port: line[4], Ip: line[3]));
        return new World(
            $"{name} cloud", text,
            [.. local.Concat(requested.Where(port => port.Chassis == StockChassis.Name).Select(port => port.Port)).Take(LocalLimit)],
            [.. remote, .. requested.Where(port => port.Chassis != StockChassis.Name)],
            [.. nextHops.Concat(neighbors).Distinct().Select((neighbor, i) => new LearnedNeighbor(neighbor.Port, neighbor.Ip, new MacAddress(0x02ee_0000_0100UL + (uint)i)))],
            tunnels, []);
    }

    private const string Requested = "options:requested-chassis=";

    private static string Read(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var reader = new StreamReader(assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"{name}.northbound"))!);
        return reader.ReadToEnd();
    }
}
