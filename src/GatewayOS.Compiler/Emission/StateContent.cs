using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Passes;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Emission;

/// <summary>Says in 128 bits what a state does, all that is behind it included. Numbers are no part of it.</summary>
/// <remarks>The flows are: an entry must name those of its own packets (invariant I6).</remarks>
internal static class StateContent
{
    public static UInt128 Of(Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback, EquatableArray<int> weights, Step[] steps, OutputEmitter outputs)
    {
        var hash = new StableHash();
        hash.Add((ulong)Array.IndexOf(Stage.All, stage));
        hash.Add((ulong)packetClass);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var term in rows[i].Cube.Terms)
            {
                hash.Add((ulong)term.Field);
                hash.Add(term.Value);
                hash.Add(term.Mask);
            }

            Add(ref hash, rows[i].Edge, steps[i], outputs);
        }

        Add(ref hash, fallback, steps[^1], outputs);
        foreach (var weight in weights)
        {
            hash.Add((ulong)weight);
        }

        return hash.Value;
    }

    /// <summary>That of the place where packets wait for the entry of a connection.</summary>
    public static UInt128 Of(TrackPlace place)
    {
        var hash = new StableHash();
        hash.Add(place.Cause.Flow ?? Guid.Empty);
        hash.Add(place.Cause.Detail);
        switch (place.Owner)
        {
            case ZoneOwner.Switch(var datapath):
                hash.Add(datapath);
                break;
            case ZoneOwner.Router(var datapath, var zone):
                hash.Add(datapath);
                hash.Add((ulong)zone);
                break;
            default:
                break;
        }

        return hash.Value;
    }

    private static void Add(ref StableHash hash, Edge edge, Step step, OutputEmitter outputs)
    {
        foreach (var flow in edge.Flows)
        {
            hash.Add(flow);
        }

        if (!edge.Edits.IsNone && edge.Target is Target.Go or Target.Forward or Target.Track)
        {
            hash.Add(edge.Edits.EthSource?.Value ?? ulong.MaxValue);
            hash.Add(edge.Edits.EthDestination?.Value ?? ulong.MaxValue);
            hash.Add(((ulong)edge.Edits.TtlDecrement << 16) | (edge.Edits.Dscp ?? 0xff));
            foreach (var address in (UInt128?[])[edge.Edits.Source, edge.Edits.Destination])
            {
                if (address is { } rewritten)
                {
                    hash.Add(rewritten);
                }
            }

            hash.Add((edge.Edits.Source is null ? 0ul : 1) | (edge.Edits.Destination is null ? 0ul : 2) | (edge.Edits.Meter is null ? 0ul : 4) | (edge.Edits.Meter2 is null ? 0ul : 8));
            foreach (var meter in edge.Edits.Meters)
            {
                hash.Add(meter.Content);
            }
        }

        switch (step)
        {
            case { Next: { } next }:
                hash.Add(1ul);
                hash.Add(next.Content);
                if (step.Turn is { } turn)
                {
                    hash.Add(turn switch
                    {
                        Turn.Echo(var type, var ttl) => ((ulong)type << 8) | ttl,
                        Turn.Answer(var address) => address.Value | (1ul << 48),
                        _ => ulong.MaxValue,
                    });
                }

                break;
            case { Output: { } output }:
                hash.Add(2ul);
                hash.Add(outputs.ContentOf(output));
                break;
            case { Place: { } place }:
                hash.Add(3ul);
                hash.Add(Of(place));
                hash.Add(place.Cause.Reason);
                break;
            case { Cause: { } cause }:
                hash.Add(4ul);
                hash.Add(cause.Reason);
                break;
            default:
                hash.Add(5ul);
                break;
        }
    }
}
