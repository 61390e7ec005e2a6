using GatewayOS.Bmv2;
using GatewayOS.Bmv2.Control;
using GatewayOS.Core;
using GatewayOS.P4;
using Grpc.Core;
using Kind = GatewayOS.P4Runtime.Protocol.Entity.EntityOneofCase;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Writes entities to a machine (P4Runtime 1.5, 9 and 12). Every method throws <see cref="RpcException"/> for what fails.</summary>
internal sealed class EntityServer(Pipeline pipeline)
{
    private SwitchMachine Machine => pipeline.Machine;

    private InfoCodec Codec => pipeline.Codec;

    public void Write(Wire.Update update)
    {
        if (update.Entity is not { } entity || update.Type == Wire.Update.Types.Type.Unspecified)
        {
            throw Rpc.Invalid("an update without a type or an entity");
        }

        switch (entity.EntityCase)
        {
            case Kind.TableEntry:
                Write(update.Type, entity.TableEntry);
                break;
            case Kind.ActionProfileMember:
                Write(update.Type, entity.ActionProfileMember);
                break;
            case Kind.ActionProfileGroup:
                Write(update.Type, entity.ActionProfileGroup);
                break;
            case Kind.PacketReplicationEngineEntry:
                Write(update.Type, entity.PacketReplicationEngineEntry);
                break;
            case Kind.DigestEntry:
                Write(update.Type, entity.DigestEntry);
                break;
            default:
                if (update.Type != Wire.Update.Types.Type.Modify)
                {
                    throw Rpc.Invalid($"{entity.EntityCase} can only be modified");
                }

                Modify(entity);
                break;
        }
    }

    private void Modify(Wire.Entity entity)
    {
        switch (entity.EntityCase)
        {
            case Kind.CounterEntry:
                var counter = Codec.Counter(entity.CounterEntry.CounterId).Preamble.Name;
                Each(entity.CounterEntry.Index, Machine.CounterSize(counter), index => Machine.WriteCounter(counter, index, ToValue(entity.CounterEntry.Data)));
                break;
            case Kind.DirectCounterEntry:
                Rpc.Require(Machine.WriteDirectCounter(Codec.ReadKey(entity.DirectCounterEntry.TableEntry), ToValue(entity.DirectCounterEntry.Data)));
                break;
            case Kind.MeterEntry:
                var meter = Codec.Meter(entity.MeterEntry.MeterId).Preamble.Name;
                Each(entity.MeterEntry.Index, Machine.MeterSize(meter), index => Machine.ConfigureMeter(meter, index, ToRates(entity.MeterEntry.Config)));
                break;
            case Kind.DirectMeterEntry:
                Rpc.Require(Machine.ConfigureDirectMeter(Codec.ReadKey(entity.DirectMeterEntry.TableEntry), ToRates(entity.DirectMeterEntry.Config)));
                break;
            case Kind.RegisterEntry:
                var register = Codec.Register(entity.RegisterEntry.RegisterId);
                var value = new System.Numerics.BigInteger(entity.RegisterEntry.Data.Bitstring.Span, isUnsigned: true, isBigEndian: true);
                var name = register.Preamble.Name;
                Each(entity.RegisterEntry.Index, Machine.RegisterSize(name), index => Machine.WriteRegister(name, index, value));
                break;
            case Kind.ValueSetEntry:
                WriteValueSet(entity.ValueSetEntry);
                break;
            default:
                throw Rpc.Fault(StatusCode.Unimplemented, $"{entity.EntityCase} is not supported");
        }
    }

    public static CounterValue ToValue(Wire.CounterData? data) => new(data?.PacketCount ?? 0, data?.ByteCount ?? 0);

    public static MeterRates? ToRates(Wire.MeterConfig? config) => config switch
    {
        null => null,
        { Cir: >= 0, Cburst: >= 0, Pburst: >= 0 } when config.Cir <= config.Pir => new MeterRates(config.Cir, config.Cburst, config.Pir, config.Pburst),
        _ => throw Rpc.Invalid("the rates and bursts of a meter are at least 0, and its peak rate not below the committed one (RFC 2698)"),
    };

    private static void Each(Wire.Index? index, int size, System.Action<int> write)
    {
        if (index is null)
        {
            for (var i = 0; i < size; i++)
            {
                write(i);
            }

            return;
        }

        if (index.Index_ < 0 || index.Index_ >= size)
        {
            throw Rpc.Fault(StatusCode.OutOfRange, $"the index {index.Index_} is not below {size}");
        }

        write((int)index.Index_);
    }

    private void Write(Wire.Update.Types.Type type, Wire.TableEntry message)
    {
        if (message.IsDefaultAction)
        {
            if (type != Wire.Update.Types.Type.Modify || message.Match.Count > 0)
            {
                throw Rpc.Invalid("a default entry can only be modified and matches nothing");
            }

            var call = message.Action?.Action is { } action ? Codec.ReadCall(action) : null;
            Rpc.Require(Machine.SetDefault(Codec.Table(message.TableId).Preamble.Name, call));
            return;
        }

        if (type == Wire.Update.Types.Type.Delete)
        {
            var key = Codec.ReadKey(message);
            Rpc.Require(Machine.Delete(key));
            pipeline.Metadata.TryRemove(key, out _);
            return;
        }

        var entry = Codec.ReadEntry(message);
        Rpc.Require(type == Wire.Update.Types.Type.Insert ? Machine.Insert(entry) : Machine.Modify(entry));
        if (message.MeterConfig is { } meter)
        {
            Rpc.Require(Machine.ConfigureDirectMeter(entry.Key, ToRates(meter)));
        }

        if (message.CounterData is { } counter)
        {
            Rpc.Require(Machine.WriteDirectCounter(entry.Key, ToValue(counter)));
        }

        Remember(entry.Key, message.Metadata);
    }

    private void Remember(EntityKey key, Google.Protobuf.ByteString metadata)
    {
        if (metadata.IsEmpty)
        {
            pipeline.Metadata.TryRemove(key, out _);
        }
        else
        {
            pipeline.Metadata[key] = metadata;
        }
    }

    private ControlResult Write(Wire.Update.Types.Type type, PipelineEntity entity) => type switch
    {
        Wire.Update.Types.Type.Insert => Machine.Insert(entity),
        Wire.Update.Types.Type.Modify => Machine.Modify(entity),
        Wire.Update.Types.Type.Delete => Machine.Delete(entity.Key),
        Wire.Update.Types.Type.Unspecified or _ => throw Rpc.Invalid("an update without a type"),
    };

    private void Write(Wire.Update.Types.Type type, Wire.ActionProfileMember message)
    {
        var profile = Codec.Profile(message.ActionProfileId).Preamble.Name;
        Rpc.Require(type == Wire.Update.Types.Type.Delete
            ? Machine.Delete(new ProfileMemberKey(profile, message.MemberId))
            : Write(type, new ProfileMember(profile, message.MemberId, Codec.ReadCall(message.Action ?? throw Rpc.Invalid("a member without an action")))));
    }

    private void Write(Wire.Update.Types.Type type, Wire.ActionProfileGroup message)
    {
        var profile = Codec.Profile(message.ActionProfileId);
        var members = message.Members.Select(member => new GroupMember(member.MemberId, member.Weight)).ToEquatableArray();
        var limit = message.MaxSize != 0 ? message.MaxSize : profile.MaxGroupSize;
        Rpc.Require(Write(type, new ProfileGroup(profile.Preamble.Name, message.GroupId, limit, members)));
    }

    private void Write(Wire.Update.Types.Type type, Wire.PacketReplicationEngineEntry message)
    {
        if (message.MulticastGroupEntry is { } group)
        {
            var entity = new MulticastGroup(group.MulticastGroupId, Replicas(group.Replicas));
            Rpc.Require(Write(type, entity));
            Remember(entity.Key, type == Wire.Update.Types.Type.Delete ? Google.Protobuf.ByteString.Empty : group.Metadata);
            return;
        }

        if (message.CloneSessionEntry is not { } session)
        {
            throw Rpc.Invalid("a replication entry without a group or session");
        }

        var exists = Machine.GetMirror((int)Math.Min(session.SessionId, int.MaxValue)) is not null;
        if (exists == (type == Wire.Update.Types.Type.Insert))
        {
            throw exists
                ? Rpc.Fault(StatusCode.AlreadyExists, $"there is a clone session {session.SessionId}")
                : Rpc.Fault(StatusCode.NotFound, $"there is no clone session {session.SessionId}");
        }

        var mirror = type == Wire.Update.Types.Type.Delete ? null : new MirrorSession(Replicas(session.Replicas), session.PacketLengthBytes);
        Rpc.Require(Machine.SetMirror((int)Math.Min(session.SessionId, int.MaxValue), mirror));
    }

    private static EquatableArray<Replica> Replicas(IEnumerable<Wire.Replica> replicas) => replicas.Select(replica => new Replica(
#pragma warning disable CS0612 // Controllers still use the deprecated numeric port.
        replica.PortKindCase == Wire.Replica.PortKindOneofCase.Port ? (uint)Bits.Read(replica.Port, 32, "the port of a replica") : replica.EgressPort,
#pragma warning restore CS0612
        replica.Instance)).ToEquatableArray();

    private void Write(Wire.Update.Types.Type type, Wire.DigestEntry message)
    {
        if (Codec.Info.Digests.All(digest => digest.Preamble.Id != message.DigestId))
        {
            throw Rpc.Invalid($"P4Info has no digest with the id {message.DigestId}");
        }

        var config = message.Config ?? new Wire.DigestEntry.Types.Config();
        var done = type switch
        {
            Wire.Update.Types.Type.Insert => pipeline.Digests.TryAdd(message.DigestId, config)
                ? true
                : throw Rpc.Fault(StatusCode.AlreadyExists, $"the digest {message.DigestId} is configured"),
            Wire.Update.Types.Type.Delete => pipeline.Digests.TryRemove(message.DigestId, out _),
            Wire.Update.Types.Type.Modify or Wire.Update.Types.Type.Unspecified or _ =>
                pipeline.Digests.TryGetValue(message.DigestId, out var old) && pipeline.Digests.TryUpdate(message.DigestId, config, old),
        };
        if (!done)
        {
            throw Rpc.Fault(StatusCode.NotFound, $"the digest {message.DigestId} is not configured");
        }
    }

    private void WriteValueSet(Wire.ValueSetEntry message)
    {
        var set = Codec.ValueSet(message.ValueSetId);
        var members = message.Members.Select(member =>
        {
            var (value, mask) = (UInt128.Zero, UInt128.Zero);
            foreach (var field in set.Match)
            {
                var match = member.Match.FirstOrDefault(match => match.FieldId == field.Id)?.Exact
                    ?? throw Rpc.Invalid($"a member of '{set.Preamble.Name}' lacks an exact value of '{field.Name}'");
                (value, mask) = (value << field.Bitwidth, mask << field.Bitwidth);
                value |= Bits.Read(match.Value, field.Bitwidth, $"'{field.Name}' of '{set.Preamble.Name}'");
                mask |= UInt128.MaxValue >> (128 - field.Bitwidth);
            }

            return (value, mask);
        }).ToArray();
        Rpc.Require(Machine.SetValueSet(set.Preamble.Name, members));
    }
}
