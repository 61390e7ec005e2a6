using GatewayOS.Reference.Evaluation;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference;

/// <summary>Evaluates logical flows for one packet after the other, in the plainest way; the specification that compiled tables are held against.</summary>
/// <remarks>Sources: ovn-sb(5) for matches and actions, ovn-architecture(7) for what is between pipelines. One thread at a time.</remarks>
public sealed class Interpreter(ReferenceNetwork network)
{
    public ReferenceNetwork Network => network;

    /// <summary>Where header fields are, for packets made by hand.</summary>
    public PacketFields Fields { get; } = new(network.Symbols);

    /// <summary>Makes a packet of a microflow such as ovn-trace takes; its port names are the datapath's.</summary>
    /// <exception cref="FormatException">The microflow is not in the language or leaves a choice.</exception>
    public Packet ParseMicroflow(ReferenceDatapath datapath, string text) =>
        Microflow.Parse(text, new LogicalFlows.LogicalFlowParser(network.Version), network.SetsOf(datapath), name => network.KeyOf(datapath, name));

    public TraceResult Trace(TraceRequest request) => new Evaluator(network, Fields, request).Run();
}
