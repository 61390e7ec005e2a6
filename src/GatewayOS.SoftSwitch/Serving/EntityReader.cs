using GatewayOS.Bmv2;
using GatewayOS.Bmv2.Control;
using GatewayOS.P4;
using GatewayOS.P4Runtime.Protocol.Config;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Kind = GatewayOS.P4Runtime.Protocol.Entity.EntityOneofCase;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Reads entities from a machine; an id of 0 or a missing index or match stands for all (P4Runtime 1.5, 11).</summary>
internal sealed class EntityReader(Pipeline pipeline)
{
    private SwitchMachine Machine => pipeline.Machine;

    private InfoCodec Codec => pipeline.Codec;

    /// <exception cref="RpcException">The request names something that P4Info does not have.</exception>
    public IEnumerable<Wire.Entity> Read(Wire.Entity wanted) => wanted.EntityCase switch
    {
        Kind.TableEntry => Entries(wanted.TableEntry).Select(entry => new Wire.Entity { TableEntry = entry }),
        Kind.DirectCounterEntry => DirectCounters(wanted.DirectCounterEntry),
        Kind.DirectMeterEntry => DirectMeters(wanted.DirectMeterEntry),
        Kind.ActionProfileMember => Members(wanted.ActionProfileMember),
        Kind.ActionProfileGroup => Groups(wanted.ActionProfileGroup),
        Kind.CounterEntry => Counters(wanted.CounterEntry),
        Kind.MeterEntry => Meters(wanted.MeterEntry),
        Kind.RegisterEntry => Registers(wanted.RegisterEntry),
        Kind.PacketReplicationEngineEntry => Replication(wanted.PacketReplicationEngineEntry),
        Kind.DigestEntry => pipeline.Digests
            .Where(digest => wanted.DigestEntry.DigestId is 0 || wanted.DigestEntry.DigestId == digest.Key)
            .Select(digest => new Wire.Entity { DigestEntry = new Wire.DigestEntry { DigestId = digest.Key, Config = digest.Value } }),
        Kind.None or Kind.ExternEntry or Kind.ValueSetEntry or _ => throw Rpc.Fault(StatusCode.Unimplemented, $"{wanted.EntityCase} cannot be read"),
    };

    private IEnumerable<Wire.TableEntry> Entries(Wire.TableEntry wanted)
    {
        if (wanted.IsDefaultAction)
        {
            return wanted.TableId == 0 ? Codec.Info.Tables.Select(Default) : [Default(Codec.Table(wanted.TableId))];
        }

        return Readings(wanted).Select(reading =>
        {
            var entry = Codec.WriteEntry(reading.Entry);
            entry.IsConst = reading.IsConstant;
            if (wanted.CounterData is not null && reading.Counter is { } counter)
            {
                entry.CounterData = ToData(counter);
            }

            if (wanted.MeterConfig is not null && reading.Meter is { } meter)
            {
                entry.MeterConfig = ToConfig(meter);
            }

            if (wanted.TimeSinceLastHit is not null)
            {
                entry.TimeSinceLastHit = new Wire.TableEntry.Types.IdleTimeout { ElapsedNs = reading.SinceLastHit.Ticks * 100 };
            }

            entry.Metadata = pipeline.Metadata.GetValueOrDefault(reading.Entry.Key, ByteString.Empty);
            return entry;
        });
    }

    private Wire.TableEntry Default(Table table)
    {
        var entry = new Wire.TableEntry { TableId = table.Preamble.Id, IsDefaultAction = true };
        if (Machine.GetDefault(table.Preamble.Name) is { } call)
        {
            entry.Action = Codec.WriteAction(call);
        }

        return entry;
    }

    /// <summary>One entry when the request has a match, else all of a table or of all tables.</summary>
    private IEnumerable<EntryReading> Readings(Wire.TableEntry wanted)
    {
        if (wanted.TableId == 0)
        {
            return Codec.Info.Tables.SelectMany(table => Machine.ReadEntries(table.Preamble.Name));
        }

        if (wanted.Match.Count == 0)
        {
            var all = Machine.ReadEntries(Codec.Table(wanted.TableId).Preamble.Name);
            return wanted.Priority == 0 ? all : all.Where(reading => reading.Entry.Priority == wanted.Priority);
        }

        try
        {
            return Machine.Read(Codec.ReadKey(wanted)) is { } reading ? [reading] : [];
        }
        catch (ArgumentException exception)
        {
            throw Rpc.Invalid(exception.Message);
        }
    }

    private IEnumerable<Wire.Entity> DirectCounters(Wire.DirectCounterEntry wanted) => Readings(wanted.TableEntry ?? new Wire.TableEntry())
        .Where(reading => reading.Counter is not null)
        .Select(reading => new Wire.Entity
        {
            DirectCounterEntry = new Wire.DirectCounterEntry { TableEntry = Codec.WriteKey(reading.Entry.Key), Data = ToData(reading.Counter!.Value) },
        });

    private IEnumerable<Wire.Entity> DirectMeters(Wire.DirectMeterEntry wanted)
    {
        var metered = Codec.Info.DirectMeters.Select(meter => Codec.Table(meter.DirectTableId).Preamble.Name).ToHashSet();
        return Readings(wanted.TableEntry ?? new Wire.TableEntry()).Where(reading => metered.Contains(reading.Entry.Table)).Select(reading => new Wire.Entity
        {
            DirectMeterEntry = new Wire.DirectMeterEntry { TableEntry = Codec.WriteKey(reading.Entry.Key), Config = ToConfig(reading.Meter) },
        });
    }

    private IEnumerable<Wire.Entity> Members(Wire.ActionProfileMember wanted) => Profiles(wanted.ActionProfileId).SelectMany(profile =>
        Machine.ReadMembers(profile.Preamble.Name)
            .Where(member => wanted.MemberId == 0 || wanted.MemberId == member.Member)
            .Select(member => new Wire.Entity
            {
                ActionProfileMember = new Wire.ActionProfileMember
                {
                    ActionProfileId = profile.Preamble.Id,
                    MemberId = member.Member,
                    Action = Codec.WriteCall(member.Call),
                },
            }));

    private IEnumerable<Wire.Entity> Groups(Wire.ActionProfileGroup wanted) => Profiles(wanted.ActionProfileId).SelectMany(profile =>
        Machine.ReadGroups(profile.Preamble.Name).Where(group => wanted.GroupId == 0 || wanted.GroupId == group.Group).Select(group =>
        {
            var message = new Wire.ActionProfileGroup { ActionProfileId = profile.Preamble.Id, GroupId = group.Group, MaxSize = group.MaxSize };
            message.Members.AddRange(group.Members.Select(member => new Wire.ActionProfileGroup.Types.Member
            {
                MemberId = member.Member,
                Weight = member.Weight,
            }));
            return new Wire.Entity { ActionProfileGroup = message };
        }));

    private RepeatedField<ActionProfile> Profiles(uint id) => id == 0 ? Codec.Info.ActionProfiles : [Codec.Profile(id)];

    private IEnumerable<Wire.Entity> Counters(Wire.CounterEntry wanted) =>
        from counter in wanted.CounterId == 0 ? Codec.Info.Counters : [Codec.Counter(wanted.CounterId)]
        from index in Indices(wanted.Index, Machine.CounterSize(counter.Preamble.Name))
        select new Wire.Entity
        {
            CounterEntry = new Wire.CounterEntry
            {
                CounterId = counter.Preamble.Id,
                Index = new Wire.Index { Index_ = index },
                Data = ToData(Machine.ReadCounter(counter.Preamble.Name, index)),
            },
        };

    private IEnumerable<Wire.Entity> Meters(Wire.MeterEntry wanted) =>
        from meter in wanted.MeterId == 0 ? Codec.Info.Meters : [Codec.Meter(wanted.MeterId)]
        from index in Indices(wanted.Index, Machine.MeterSize(meter.Preamble.Name))
        select new Wire.Entity
        {
            MeterEntry = new Wire.MeterEntry
            {
                MeterId = meter.Preamble.Id,
                Index = new Wire.Index { Index_ = index },
                Config = ToConfig(Machine.ReadMeter(meter.Preamble.Name, index)),
            },
        };

    private IEnumerable<Wire.Entity> Registers(Wire.RegisterEntry wanted) =>
        from register in wanted.RegisterId == 0 ? Codec.Info.Registers : [Codec.Register(wanted.RegisterId)]
        from index in Indices(wanted.Index, Machine.RegisterSize(register.Preamble.Name))
        select new Wire.Entity
        {
            RegisterEntry = new Wire.RegisterEntry
            {
                RegisterId = register.Preamble.Id,
                Index = new Wire.Index { Index_ = index },
                Data = new Wire.P4Data
                {
                    Bitstring = ByteString.CopyFrom(Machine.ReadRegister(register.Preamble.Name, index).ToByteArray(isUnsigned: true, isBigEndian: true)),
                },
            },
        };

    private IEnumerable<Wire.Entity> Replication(Wire.PacketReplicationEngineEntry wanted)
    {
        static IEnumerable<Wire.Replica> Replicas(IEnumerable<Replica> replicas) => replicas.Select(replica => new Wire.Replica
        {
            Port = Bits.Write(replica.Port),
            Instance = replica.Instance,
        });
        if (wanted.CloneSessionEntry is { } session)
        {
            return Machine.MirrorSessions.Where(id => session.SessionId == 0 || session.SessionId == id).Select(id =>
            {
                var mirror = Machine.GetMirror(id)!;
                var message = new Wire.CloneSessionEntry { SessionId = (uint)id, PacketLengthBytes = mirror.MaxLength };
                message.Replicas.AddRange(Replicas(mirror.Replicas));
                return new Wire.Entity { PacketReplicationEngineEntry = new Wire.PacketReplicationEngineEntry { CloneSessionEntry = message } };
            });
        }

        var id = wanted.MulticastGroupEntry?.MulticastGroupId ?? 0;
        return Machine.ReadMulticastGroups().Where(group => id == 0 || id == group.Group).Select(group =>
        {
            var message = new Wire.MulticastGroupEntry
            {
                MulticastGroupId = group.Group,
                Metadata = pipeline.Metadata.GetValueOrDefault(group.Key, ByteString.Empty),
            };
            message.Replicas.AddRange(Replicas(group.Replicas));
            return new Wire.Entity { PacketReplicationEngineEntry = new Wire.PacketReplicationEngineEntry { MulticastGroupEntry = message } };
        });
    }

    private static IEnumerable<int> Indices(Wire.Index? index, int size) => index switch
    {
        null => Enumerable.Range(0, size),
        { Index_: >= 0 and var one } when one < size => [(int)one],
        _ => throw Rpc.Fault(StatusCode.OutOfRange, $"the index {index.Index_} is not below {size}"),
    };

    private static Wire.CounterData ToData(CounterValue value) => new() { ByteCount = value.Octets, PacketCount = value.Packets };

    private static Wire.MeterConfig? ToConfig(MeterRates? rates) => rates is null ? null : new Wire.MeterConfig
    {
        Cir = rates.CommittedRate,
        Cburst = rates.CommittedBurst,
        Pir = rates.PeakRate,
        Pburst = rates.PeakBurst,
    };
}
