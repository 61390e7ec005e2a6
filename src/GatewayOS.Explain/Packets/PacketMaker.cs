using GatewayOS.Compiler;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Reference;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;

namespace GatewayOS.Explain.Packets;

/// <summary>Makes the frame that a description means, as it arrives at the device.</summary>
/// <remarks>
/// <code>
///   microflow | short form --> fields --complete: port, MAC addresses, TTL--> at a front port:         the frame
///                                                                         --> at a port elsewhere:     what the logical pipeline of that chassis
///                                                                             (the reference interpreter) sends here by tunnel
/// </code>
/// </remarks>
public sealed class PacketMaker(Southbound southbound, string chassis, DeviceView device)
{
    // What a description leaves out: a TTL of 0 is taken for none, and strangers have this address.
    private const int OrdinaryTtl = 64;
    private static readonly MacAddress s_stranger = new(0x0200_0000_00fe);

    private readonly AddressBook _addresses = new(southbound);
    private readonly List<string> _remarks = [];

    /// <param name="flow">A microflow, or the short form.</param>
    /// <param name="inPort">The front port, if it was named.</param>
    /// <exception cref="ExplainException">The description is wrong, leaves a choice, or the packet does not come to this chassis.</exception>
    public MadePacket Make(string flow, int? inPort)
    {
        _remarks.Clear();
        var microflow = ShortForm.IsLike(flow) ? ShortForm.ToMicroflow(flow) : flow;
        var (packet, interpreter, name) = Parse(microflow);
        var port = name is not null ? Known(name) : Attachment(inPort, Source(packet, interpreter.Fields));
        Complete(packet, interpreter, port);
        var writer = new FrameWriter(interpreter.Fields, interpreter.Network.Symbols);
        if (FrontPortOf(port, inPort) is { } front)
        {
            return new MadePacket(front, writer.Write(packet, port.Type == "localnet" && port.Tag is > 0 ? port.Tag : null), [.. _remarks]);
        }

        var arrival = new TunnelArrival(southbound, chassis, device).Of(packet, port, _remarks);
        return new MadePacket(arrival.Port, arrival.Wrap(writer.Write(arrival.Packet, null)), [.. _remarks]);
    }

    // Ports are numbered as they are named: which datapath they are of is not known before.
    private (Packet Packet, Interpreter Interpreter, string? InPort) Parse(string microflow)
    {
        var names = new List<string>();
        var network = new ReferenceNetwork(southbound, chassis);
        var interpreter = new Interpreter(network);
        try
        {
            var packet = Microflow.Parse(
                microflow, new LogicalFlows.LogicalFlowParser(network.Version), LogicalFlows.NamedSets.None,
                name =>
                {
                    names.Add(name);
                    return names.Count;
                });
            var number = (int)packet[interpreter.Fields.InPort];
            return (packet, interpreter, number == 0 ? null : names[number - 1]);
        }
        catch (FormatException failure)
        {
            throw new ExplainException($"{failure.Message} Write a match that leaves no choice (inport == \"P\" && ip4.src == ...), or {ShortForm.Syntax}");
        }
    }

    private PortBinding Known(string name) => _addresses.Port(name)
        ?? throw new ExplainException($"there is no logical port '{name}'; `ovn-sbctl list Port_Binding` has their names");

    // Without a name: what is attached to the front port, else the VIF that has the source address, else where strangers come in.
    private PortBinding Attachment(int? inPort, IpAddress? source)
    {
        var attached = southbound.PortBindings.Where(port => FrontPortOf(port, inPort) is not null && (inPort is not null || port.Type == "localnet"))
            .OrderBy(port => port.LogicalPort, StringComparer.Ordinal).ToList();
        var owners = inPort is null && source is { } address ? _addresses.Owners(address).ToList() : [];
        var candidates = owners.Count > 0 ? owners : attached;
        return candidates switch
        {
            [var only] => Remark(only, owners.Count > 0 ? $"it is from {only.LogicalPort}, which has the source address" : $"it comes in by {only.LogicalPort}"),
            [] => throw new ExplainException("it is not clear where the packet comes in: no port has its source address; name the port (inport == \"P\", or in P)"),
            _ => throw new ExplainException(
                $"it is not clear where the packet comes in: name one of {string.Join(", ", candidates.Select(port => port.LogicalPort))} (inport == \"P\", or in P)"),
        };
    }

    private void Complete(Packet packet, Interpreter interpreter, PortBinding port)
    {
        var fields = interpreter.Fields;
        packet[fields.InPort] = (UInt128)port.TunnelKey;
        var isIp = fields.IsIp(packet);
        if (packet[fields.EthSource] == 0)
        {
            var source = Source(packet, fields);
            var mac = (port.Type == "" ? AddressBook.MacOf(port) : null) ?? (source is { } known ? _addresses.Learned(known) : null) ?? s_stranger;
            packet[fields.EthSource] = mac.Value;
            _remarks.Add($"eth.src is taken as {mac}");
        }

        if (packet[fields.EthDestination] == 0 && isIp)
        {
            packet[fields.EthDestination] = NextHop(port, new IpAddress(
                fields.IsIp6(packet) ? packet[fields.Ip6Destination] : packet[fields.Ip4Destination], fields.IsIp6(packet))).Value;
        }

        if (packet[fields.HopLimit] == 0 && isIp)
        {
            packet[fields.HopLimit] = OrdinaryTtl;
        }
    }

    private MacAddress NextHop(PortBinding port, IpAddress destination)
    {
        var hops = _addresses.NextHops(port.Datapath, destination);
        if (hops.DistinctBy(hop => hop.Mac).ToList() is not [var only])
        {
            throw new ExplainException(hops.Count == 0
                ? $"it is not clear to which MAC address a packet to {destination} is sent; add eth.dst"
                : $"several routers may be meant for {destination}: add eth.dst, one of {string.Join(", ", hops.Select(hop => $"{hop.Mac} ({hop.Port})"))}");
        }

        _remarks.Add($"eth.dst is taken as {only.Mac}, that of {only.Port}");
        return only.Mac;
    }

    private int? FrontPortOf(PortBinding port, int? wanted) => device.Ports
        .Where(front => wanted is null || front.Number == wanted)
        .FirstOrDefault(front => port.Type switch
        {
            "localnet" => port.Options.Find("network_name") is { } network && front.Networks.Contains(network),
            "" => front.InterfaceId is { } interfaceId && interfaceId == port.LogicalPort,
            _ => false,
        })?.Number;

    private static IpAddress? Source(Packet packet, PacketFields fields) =>
        fields.IsIp4(packet) ? IpAddress.V4((uint)packet[fields.Ip4Source])
        : fields.IsIp6(packet) ? IpAddress.V6(packet[fields.Ip6Source])
        : null;

    private PortBinding Remark(PortBinding port, string text)
    {
        _remarks.Add(text);
        return port;
    }
}
