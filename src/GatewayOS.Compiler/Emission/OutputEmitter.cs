using System.Diagnostics;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>output</c>, <c>framing</c> and <c>encap</c>.</summary>
internal sealed class OutputEmitter(DeviceIds ids, EntrySink sink)
{
    private const byte OuterTtl = 64;

    private readonly Dictionary<OutputTarget, Written> _outputs = [];
    private readonly Dictionary<Encapsulation, Written> _encapsulations = [];

    /// <summary>What the output is, whatever its number.</summary>
    public UInt128 ContentOf(OutputTarget output) => _outputs.TryGetValue(output, out var known) ? known.Content : HashOf(output);

    /// <summary>Its number, or null when the device has no room for it.</summary>
    public Placed? Place(OutputTarget output) =>
        _outputs.TryGetValue(output, out var known) && known.Id is { } id ? new Placed(id, known.Content) : null;

    /// <summary>One user more: the first has it written.</summary>
    public void Take(OutputTarget output)
    {
        if (!_outputs.TryGetValue(output, out var known))
        {
            _outputs.Add(output, known = new Written(HashOf(output)));
            if (output is OutputTarget.Group group)
            {
                WriteGroup(group, known);
            }
            else
            {
                Write(output, known);
            }
        }

        known.Users++;
    }

    /// <summary>One user less: with the last it goes.</summary>
    public void Release(OutputTarget output)
    {
        var known = _outputs[output];
        if (--known.Users > 0)
        {
            return;
        }

        _outputs.Remove(output);
        if (known.Id is { } id)
        {
            sink.Remove(new BlockKey(BlockKind.Output, id));
            ids.Outputs.Release(known.Content);
        }

        switch (output)
        {
            case OutputTarget.Tunnel tunnel:
                Release(tunnel.Encapsulation);
                break;
            case OutputTarget.Group group:
                group.Copies.ToList().ForEach(Release);
                break;
            default:
                break;
        }
    }

    // A copy's instance is its output, which has its framing; the group has the number of its own output.
    private void WriteGroup(OutputTarget.Group group, Written written)
    {
        var copies = new List<Replica>();
        foreach (var copy in group.Copies)
        {
            Take(copy);
            if (_outputs[copy].Id is { } instance)
            {
                copies.Add(new Replica((uint)copy.DevicePort, instance));
            }
        }

        if (copies.Count == group.Copies.Count && NumberOf(ids.Outputs, written, Replication.Size - 1) is { } id)
        {
            Put(
                ids.Outputs, BlockKind.Output, written, id,
                new CompiledEntry(Replication.EntryOf(new MulticastGroup(id, [.. copies.Order()])), FlowTrail.Empty, null),
                new CompiledEntry(
                    new TableEntry(TableNames.Output, [new FieldMatch.Exact(KeyNames.Out, id)], 0, PipelineActions.Group((ushort)id, LengthOf(group))), FlowTrail.Empty, null));
        }
    }

    private static ushort LengthOf(OutputTarget output) => (ushort)Math.Clamp(output.MaxLength, 0, ushort.MaxValue);

    private void Write(OutputTarget output, Written written)
    {
        if (output is OutputTarget.Nowhere)
        {
            if (NumberOf(ids.Outputs, written) is { } number)
            {
                Put(ids.Outputs, BlockKind.Output, written, number, new CompiledEntry(
                    new TableEntry(TableNames.Output, [new FieldMatch.Exact(KeyNames.Out, number)], 0, PipelineActions.Discard(LengthOf(output))), FlowTrail.Empty, null));
            }

            return;
        }

        var framing = output switch
        {
            OutputTarget.Plain { Vlan: 0 } => PipelineActions.Plain,
            OutputTarget.Plain plain => PipelineActions.Vlan((ushort)plain.Vlan),
            OutputTarget.Tunnel tunnel => Framing(tunnel),
            _ => throw new UnreachableException(),
        };
        if (framing is null || NumberOf(ids.Outputs, written) is not { } id)
        {
            return;
        }

        EquatableArray<FieldMatch> match = [new FieldMatch.Exact(KeyNames.Out, id)];
        var unicast = PipelineActions.Unicast((uint)output.DevicePort, LengthOf(output));
        Put(
            ids.Outputs, BlockKind.Output, written, id,
            new CompiledEntry(new TableEntry(TableNames.Framing, match, 0, framing), FlowTrail.Empty, null),
            new CompiledEntry(new TableEntry(TableNames.Output, match, 0, unicast), FlowTrail.Empty, null));
    }

    private ActionCall? Framing(OutputTarget.Tunnel tunnel) =>
        Take(tunnel.Encapsulation) is not { } encap ? null
        : tunnel.Encapsulation.Type == TunnelType.Geneve
            ? PipelineActions.Geneve((uint)tunnel.DatapathKey, (ushort)tunnel.InKey, (ushort)tunnel.OutKey, encap)
            : PipelineActions.Vxlan((uint)Network.Tunnels.VxlanKey(tunnel.DatapathKey, tunnel.OutKey), encap);

    private ushort? Take(Encapsulation encapsulation)
    {
        if (!_encapsulations.TryGetValue(encapsulation, out var known))
        {
            _encapsulations.Add(encapsulation, known = new Written(HashOf(encapsulation)));
            if (NumberOf(ids.Encapsulations, known) is { } id)
            {
                Put(ids.Encapsulations, BlockKind.Encapsulation, known, id, new CompiledEntry(
                    new TableEntry(TableNames.Encap, [new FieldMatch.Exact(KeyNames.Encap, id)], 0, PipelineActions.Outer4(
                        encapsulation.EthSource.Value, encapsulation.EthDestination.Value, encapsulation.Source, encapsulation.Destination,
                        0, OuterTtl, encapsulation.Checksum)),
                    FlowTrail.Empty, null));
            }
        }

        known.Users++;
        return (ushort?)known.Id;
    }

    private void Release(Encapsulation encapsulation)
    {
        var known = _encapsulations[encapsulation];
        if (--known.Users > 0)
        {
            return;
        }

        _encapsulations.Remove(encapsulation);
        if (known.Id is { } id)
        {
            sink.Remove(new BlockKey(BlockKind.Encapsulation, id));
            ids.Encapsulations.Release(known.Content);
        }
    }

    private uint? NumberOf(IdAllocator numbers, Written written, uint atMost = uint.MaxValue)
    {
        var id = numbers.Take(written.Content, atMost);
        sink.IsOutOfNumbers |= id is null;
        return id;
    }

    private void Put(IdAllocator numbers, BlockKind kind, Written written, uint id, params CompiledEntry[] entries)
    {
        if (sink.TryPut(new BlockKey(kind, id), entries))
        {
            written.Id = id;
        }
        else
        {
            numbers.Release(written.Content);
        }
    }

    private static UInt128 HashOf(OutputTarget output)
    {
        var hash = new StableHash();
        hash.Add((ulong)output.DevicePort);
        hash.Add((ulong)output.MaxLength);
        switch (output)
        {
            case OutputTarget.Nowhere:
                hash.Add(ulong.MaxValue);
                break;
            case OutputTarget.Plain plain:
                hash.Add((ulong)plain.Vlan);
                break;
            case OutputTarget.Tunnel tunnel:
                hash.Add(HashOf(tunnel.Encapsulation));
                hash.Add((ulong)tunnel.DatapathKey);
                hash.Add((ulong)tunnel.InKey);
                hash.Add((ulong)tunnel.OutKey);
                break;
            case OutputTarget.Group group:
                foreach (var copy in group.Copies)
                {
                    hash.Add(HashOf(copy));
                }

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

    private sealed class Written(UInt128 content)
    {
        public UInt128 Content => content;

        public uint? Id { get; set; }

        public int Users { get; set; }
    }
}
