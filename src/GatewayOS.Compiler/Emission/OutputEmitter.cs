using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>output</c>, <c>framing</c> and <c>encap</c>.</summary>
internal sealed class OutputEmitter(DeviceIds ids, EntrySink sink)
{
    private const byte OuterTtl = 64;

    private readonly Dictionary<OutputTarget, Placed?> _outputs = [];
    private readonly Dictionary<Encapsulation, ushort?> _encapsulations = [];

    /// <summary>The number of the output, or null when the device has no room for it.</summary>
    public Placed? Emit(OutputTarget output)
    {
        if (!_outputs.TryGetValue(output, out var id))
        {
            id = Add(output);
            _outputs.Add(output, id);
        }

        return id;
    }

    private Placed? Add(OutputTarget output)
    {
        var framing = output switch
        {
            OutputTarget.Plain { Vlan: 0 } => PipelineActions.Plain,
            OutputTarget.Plain plain => PipelineActions.Vlan((ushort)plain.Vlan),
            OutputTarget.Tunnel tunnel => Framing(tunnel),
            _ => null,
        };
        var content = HashOf(output);
        if (framing is null || ids.Outputs.IdOf(content) is not { } id)
        {
            return null;
        }

        EquatableArray<FieldMatch> match = [new FieldMatch.Exact(KeyNames.Out, id)];
        var unicast = PipelineActions.Unicast((uint)output.DevicePort, (ushort)Math.Clamp(output.MaxLength, 0, ushort.MaxValue));
        return sink.TryAdd(
            new CompiledEntry(new TableEntry(TableNames.Framing, match, 0, framing), FlowTrail.Empty, null),
            new CompiledEntry(new TableEntry(TableNames.Output, match, 0, unicast), FlowTrail.Empty, null))
            ? new Placed(id, content) : null;
    }

    private ActionCall? Framing(OutputTarget.Tunnel tunnel) =>
        Emit(tunnel.Encapsulation) is not { } encap ? null
        : tunnel.Encapsulation.Type == TunnelType.Geneve
            ? PipelineActions.Geneve((uint)tunnel.DatapathKey, (ushort)tunnel.InKey, (ushort)tunnel.OutKey, encap)
            : PipelineActions.Vxlan((uint)Network.Tunnels.VxlanKey(tunnel.DatapathKey, tunnel.OutKey), encap);

    private ushort? Emit(Encapsulation encapsulation)
    {
        if (!_encapsulations.TryGetValue(encapsulation, out var known))
        {
            known = ids.Encapsulations.IdOf(HashOf(encapsulation)) is { } id && sink.TryAdd(new CompiledEntry(
                new TableEntry(TableNames.Encap, [new FieldMatch.Exact(KeyNames.Encap, id)], 0, PipelineActions.Outer4(
                    encapsulation.EthSource.Value, encapsulation.EthDestination.Value, encapsulation.Source, encapsulation.Destination,
                    0, OuterTtl, encapsulation.Checksum)),
                FlowTrail.Empty, null)) ? (ushort)id : null;
            _encapsulations.Add(encapsulation, known);
        }

        return known;
    }

    private static UInt128 HashOf(OutputTarget output)
    {
        var hash = new StableHash();
        hash.Add((ulong)output.DevicePort);
        hash.Add((ulong)output.MaxLength);
        switch (output)
        {
            case OutputTarget.Plain plain:
                hash.Add((ulong)plain.Vlan);
                break;
            case OutputTarget.Tunnel tunnel:
                hash.Add(HashOf(tunnel.Encapsulation));
                hash.Add((ulong)tunnel.DatapathKey);
                hash.Add((ulong)tunnel.InKey);
                hash.Add((ulong)tunnel.OutKey);
                break;
            default:
                break;
        }

        return hash.Value;
    }

    private static UInt128 HashOf(Encapsulation encapsulation)
    {
        var hash = new StableHash();
        hash.Add((ulong)encapsulation.Type);
        hash.Add(encapsulation.EthSource.Value);
        hash.Add(encapsulation.EthDestination.Value);
        hash.Add((ulong)encapsulation.Source);
        hash.Add((ulong)encapsulation.Destination);
        hash.Add(encapsulation.Checksum ? 1ul : 0);
        return hash.Value;
    }
}
