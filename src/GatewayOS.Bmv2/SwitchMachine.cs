using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.Bmv2.Tables;

namespace GatewayOS.Bmv2;

/// <summary>A switch that runs a program: tables and all other state, and the way of a packet through them.</summary>
/// <remarks>
/// It behaves as bmv2's simple_switch does, queues aside: a packet is finished when <see cref="Process"/> returns. All members may be called by any
/// thread. Packets go one at a time, and a write happens between two packets, so a packet never sees half of one. A packet allocates nothing, except
/// for digests, traces and arithmetic on more than 128 bits.
/// </remarks>
public sealed partial class SwitchMachine
{
    /// <summary>A packet is processed at most so often, copies, resubmissions and recirculations together; bmv2 has no limit.</summary>
    private const int MaxPasses = 1024;

    private const int InstanceNormal = 0;
    private const int InstanceIngressClone = 1;
    private const int InstanceEgressClone = 2;
    private const int InstanceRecirculated = 4;
    private const int InstanceReplicated = 5;
    private const int InstanceResubmitted = 6;

    private readonly Lock _gate = new();
    private readonly Lock _turnstile = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly StatefulObjects _objects;
    private readonly Dictionary<string, MatchTable> _tables = [];
    private readonly Dictionary<string, ActionProfile> _profiles = [];
    private readonly Dictionary<int, GatewayOS.P4.Replica[]> _groups = [];
    private readonly Dictionary<int, MirrorSession> _mirrors = [];
    private readonly ControlNode? _ingress;
    private readonly ControlNode? _egress;
    private readonly Stack<PacketState> _idle = [];
    private readonly int _keyLimbs;
    private byte[] _output = new byte[4096];
    private int _passes;
    private volatile int _waitingWriters;

    /// <param name="program">What to run.</param>
    /// <param name="time">Drives timestamps, meters and idle timeouts.</param>
    /// <param name="seed">Of <c>random</c>.</param>
    public SwitchMachine(SwitchProgram program, TimeProvider time, ulong seed = 1)
    {
        Program = program;
        (_time, _start) = (time, time.GetTimestamp());
        _objects = new StatefulObjects
        {
            Counters = [.. program.Objects.Counters.Select(counter => new CounterArray(counter.Name, counter.Size))],
            Meters = [.. program.Objects.Meters.Select(meter => new MeterArray(meter.Name, meter.Size, meter.CountsOctets))],
            Registers = [.. program.Objects.Registers.Select(register => new RegisterArray(register.Name, register.Size, register.Width))],
            ValueSets = [.. program.ValueSets.Select(set => new ValueSet(set.Name, set.Width, set.Size))],
            Random = new RandomSource(seed),
        };
        var pipelines = new[] { program.Ingress, program.Egress };
        foreach (var profile in pipelines.SelectMany(pipeline => pipeline.NewProfiles()))
        {
            _profiles[profile.Name] = profile;
        }

        foreach (var table in pipelines.SelectMany(pipeline => pipeline.Tables))
        {
            _tables[table.Name] = new MatchTable(table, table.Profile is { } name ? _profiles[name] : null);
            _keyLimbs = Math.Max(_keyLimbs, table.Key.Limbs);
        }

        _ingress = program.Ingress.Connect(_tables);
        _egress = program.Egress.Connect(_tables);
        foreach (var table in _tables.Values)
        {
            AddConstantEntries(table);
        }
    }

    public SwitchProgram Program { get; }

    /// <summary>Microseconds since the machine was made.</summary>
    private long Now => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a packet through the pipeline.</summary>
    /// <param name="port">The port it came in by, 0 to 510.</param>
    /// <param name="packet">Its octets from the Ethernet header on, without FCS.</param>
    /// <param name="sink">Takes what leaves.</param>
    /// <param name="trace">Filled if given.</param>
    public void Process(int port, ReadOnlySpan<byte> packet, IPacketSink sink, PacketTrace? trace = null)
    {
        // A writer that waits goes first: a loop over packets would otherwise take the lock again before it wakes up.
        if (_waitingWriters != 0)
        {
            lock (_turnstile)
            {
                // Passing is enough.
            }
        }

        lock (_gate)
        {
            var state = Rent();
            _passes = 0;
            state.Load(packet);
            state.Clear();
            state.Now = Now;
            state.IngressPort = port;
            state.IngressLength = packet.Length;
            state.Trace = trace;
            var standard = Program.Standard;
            state.Fields[standard.IngressPort] = (ulong)port & 0x1ff;
            state.Fields[standard.IngressTimestamp] = (ulong)state.Now & 0xffff_ffff_ffff;
            Receive(state, packet.Length, sink);
            _idle.Push(state);
        }
    }

    private PacketState Rent() => _idle.TryPop(out var state) ? state : new PacketState(Program.Layout, _objects, _keyLimbs);

    /// <summary>Parses and runs ingress until the packet is no longer resubmitted, then decides where it goes.</summary>
    private void Receive(PacketState state, int length, IPacketSink sink)
    {
        var standard = Program.Standard;
        var fields = state.Fields;
        fields[standard.PacketLength] = (ulong)length;
        state.Length = length;
        while (_passes++ < MaxPasses)
        {
            Program.Parser.Parse(state);
            fields[standard.ParserError] = state.ParserError;
            fields[standard.ChecksumError] = state.ChecksumError ? 1UL : 0;
            Run(_ingress, state);
            if (state.CloneSession >= 0)
            {
                CloneIngress(state, length, sink);
            }

            if (state.DigestList != 0)
            {
                Learn(state, sink);
            }

            if (state.ResubmitFieldList == 0)
            {
                Leave(state, sink);
                return;
            }

            Restart(state, state.ResubmitFieldList, InstanceResubmitted, length);
        }

        Finish(state);
    }

    private static void Run(ControlNode? node, PacketState state)
    {
        state.Exit = false;
        while (node is not null && !state.Exit)
        {
            node = node.Execute(state);
        }
    }

    private void Leave(PacketState state, IPacketSink sink)
    {
        var standard = Program.Standard;
        var group = standard.MulticastGroup < 0 ? 0 : (int)state.Fields[standard.MulticastGroup];
        if (group != 0)
        {
            state.Fields[standard.InstanceType] = InstanceReplicated;
            Replicate(state, _groups.TryGetValue(group, out var replicas) ? replicas : [], sink);
            return;
        }

        var port = (int)state.Fields[standard.EgressSpec];
        if (port == ActionCompiler.DropPort)
        {
            Finish(state);
            return;
        }

        state.Fields[standard.InstanceType] = InstanceNormal;
        Emit(state, port, sink);
    }

    private void Replicate(PacketState state, ReadOnlySpan<GatewayOS.P4.Replica> replicas, IPacketSink sink)
    {
        if (replicas.IsEmpty)
        {
            Finish(state);
        }

        foreach (ref readonly var replica in replicas)
        {
            var copy = Rent();
            copy.CopyFrom(state);
            copy.Fields[Program.Standard.EgressInstance] = replica.Instance & 0xffff;
            Emit(copy, (int)replica.Port, sink);
            _idle.Push(copy);
        }
    }

    /// <summary>Egress, deparser, and out or back to the parser.</summary>
    private void Emit(PacketState state, int port, IPacketSink sink)
    {
        if (_passes++ >= MaxPasses)
        {
            return;
        }

        var standard = Program.Standard;
        var fields = state.Fields;
        state.ClearRequests();
        fields[standard.EnqueueTimestamp] = (ulong)state.Now & uint.MaxValue;
        fields[standard.EnqueueDepth] = 0;
        fields[standard.DequeueTime] = 0;
        fields[standard.DequeueDepth] = 0;
        fields[standard.EgressTimestamp] = (ulong)state.Now & 0xffff_ffff_ffff;
        fields[standard.EgressPort] = (ulong)port;

        // Any port but the one that means "drop"; bmv2 takes the next, which is 0 in nine bits.
        fields[standard.EgressSpec] = 0;
        fields[standard.PacketLength] = (uint)state.Length;
        Run(_egress, state);
        Finish(state);
        if (state.CloneSession >= 0)
        {
            CloneEgress(state, sink);
        }

        if (fields[standard.EgressSpec] == ActionCompiler.DropPort)
        {
            return;
        }

        var length = Program.Deparser.Deparse(state, ref _output);
        if (state.RecirculateFieldList != 0)
        {
            var list = state.RecirculateFieldList;
            state.Load(_output.AsSpan(0, length));
            state.IngressLength = length;
            Restart(state, list, InstanceRecirculated, length);
            Receive(state, length, sink);
            return;
        }

        sink.Send(port, _output.AsSpan(0, length));
    }

    private void Finish(PacketState state) => state.Trace?.Finish(Program.Layout, state.Fields);

    /// <summary>Back to the start of the packet: nothing is kept but the fields of the list.</summary>
    private void Restart(PacketState state, int list, int instance, int length)
    {
        Preserve(state, list, instance);
        state.Cursor = 0;
        state.Length = length;
        state.Fields[Program.Standard.PacketLength] = (ulong)length;
        state.ClearRequests();
    }

    /// <summary>Clears everything but the metadata in a field list; sets the instance type.</summary>
    private void Preserve(PacketState state, int list, int instance, bool keepHeaders = false)
    {
        var kept = Rent();
        var fields = Program.FieldLists.TryGetValue(list, out var found) ? found : [];
        foreach (var field in fields)
        {
            Array.Copy(state.Fields, field.Limb, kept.Fields, field.Limb, field.Limbs);
        }

        if (keepHeaders)
        {
            foreach (var header in Program.Layout.Headers)
            {
                if (header.IsMetadata)
                {
                    state.Fields.AsSpan(header.FirstLimb, header.LimbCount).Clear();
                }
            }
        }
        else
        {
            Array.Clear(state.Fields);
        }

        foreach (var field in fields)
        {
            Array.Copy(kept.Fields, field.Limb, state.Fields, field.Limb, field.Limbs);
        }

        state.Fields[Program.Standard.InstanceType] = (ulong)instance;
        _idle.Push(kept);
    }

    /// <summary>The copy is the packet as it came in, parsed again, with the metadata of the field list as it is now.</summary>
    private void CloneIngress(PacketState state, int length, IPacketSink sink)
    {
        if (!_mirrors.TryGetValue(state.CloneSession, out var mirror))
        {
            return;
        }

        var standard = Program.Standard;
        var copy = Rent();
        copy.CopyFrom(state);
        copy.Rewind(Math.Min(state.End, state.TruncatedLength), state);
        Array.Clear(copy.Fields);
        copy.Fields[standard.IngressPort] = (ulong)state.IngressPort & 0x1ff;
        Program.Parser.Parse(copy);
        Preserve(copy, 0, InstanceIngressClone, keepHeaders: true);
        foreach (var field in Program.FieldLists.TryGetValue(state.CloneFieldList, out var fields) ? fields : [])
        {
            Array.Copy(state.Fields, field.Limb, copy.Fields, field.Limb, field.Limbs);
        }

        copy.Length = length;
        Mirror(copy, mirror, sink);
        _idle.Push(copy);
    }

    /// <summary>The copy is the packet as it is now, with the metadata of the field list.</summary>
    private void CloneEgress(PacketState state, IPacketSink sink)
    {
        if (!_mirrors.TryGetValue(state.CloneSession, out var mirror))
        {
            return;
        }

        var copy = Rent();
        copy.CopyFrom(state);
        Preserve(copy, state.CloneFieldList, InstanceEgressClone, keepHeaders: true);
        Mirror(copy, mirror, sink);
        _idle.Push(copy);
    }

    private void Mirror(PacketState copy, MirrorSession mirror, IPacketSink sink)
    {
        if (mirror.MaxLength > 0)
        {
            copy.TruncatedLength = Math.Min(copy.TruncatedLength, mirror.MaxLength);
        }

        Replicate(copy, mirror.Replicas.AsSpan(), sink);
    }

    private void Learn(PacketState state, IPacketSink sink)
    {
        if (Program.LearnLists.TryGetValue(state.DigestList, out var list))
        {
            sink.Digest(list.Name, [.. list.Fields.Select(field => new UInt128(
                field.Limbs > 1 ? state.Fields[field.Limb + 1] : 0, state.Fields[field.Limb]))]);
        }
    }
}
