using GatewayOS.Core;
using GatewayOS.P4;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime;

/// <summary>From P4Runtime messages to values, in the order the values promise: keys and parameters as in the program, replicas ascending.</summary>
/// <remarks>Every method throws <see cref="FormatException"/> for a message that does not fit the P4Info.</remarks>
public static class EntityReader
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The entity, or null for a kind that the pipeline does not have, and for a meter that lets everything pass.</summary>
    public static PipelineEntity? Entity(P4InfoIndex index, Wire.Entity entity) => entity switch
    {
        { TableEntry: { } entry } => TableEntry(index, entry),
        { PacketReplicationEngineEntry.MulticastGroupEntry: { } group } => MulticastGroup(group),
        { ActionProfileMember: { } member } => new ProfileMember(
            index.Profile(member.ActionProfileId), member.MemberId, Call(index, member.Action)),
        { ActionProfileGroup: { } group } => ProfileGroup(index, group),
        { MeterEntry: { Config: { } config } meter } => new MeterCell(
            index.Meter(meter.MeterId), (uint)meter.Index.Index_, Kilobits(config.Pir), Kilobits(config.Pburst)),
        _ => null,
    };

    public static TableEntry TableEntry(P4InfoIndex index, Wire.TableEntry wire)
    {
        var key = EntryKey(index, wire);
        return new TableEntry(key.Table, key.Match, key.Priority, Action(index, wire.Action))
        {
            IdleTimeout = TimeSpan.FromTicks(wire.IdleTimeoutNs / NanosecondsPerTick),
        };
    }

    public static EntryKey EntryKey(P4InfoIndex index, Wire.TableEntry wire)
    {
        var table = index.Table(wire.TableId);
        var matches = new FieldMatch?[table.Keys.Length];
        foreach (var match in wire.Match)
        {
            var field = InfoField.Find(table.Keys, match.FieldId, table.Name);
            var position = Array.IndexOf(table.Keys, field);
            if (matches[position] is not null)
            {
                throw new FormatException($"{table.Name} has the field {field.Name} twice");
            }

            matches[position] = Match(field, match);
        }

        return new EntryKey(table.Name, matches.OfType<FieldMatch>().ToEquatableArray(), wire.Priority);
    }

    private static FieldMatch Match(InfoField field, Wire.FieldMatch match) => match switch
    {
        { Exact: { } exact } => new FieldMatch.Exact(field.Name, Value(field, exact.Value)),
        { Lpm: { } lpm } => new FieldMatch.Lpm(field.Name, Value(field, lpm.Value), lpm.PrefixLen),
        { Ternary: { } ternary } => new FieldMatch.Ternary(field.Name, Value(field, ternary.Value), Value(field, ternary.Mask)),
        { Range: { } range } => new FieldMatch.Range(field.Name, Value(field, range.Low), Value(field, range.High)),
        _ => throw new FormatException($"the match on {field.Name} is of the kind {match.FieldMatchTypeCase}"),
    };

    private static TableAction Action(P4InfoIndex index, Wire.TableAction? action) => action switch
    {
        { Action: { } call } => Call(index, call),
        { ActionProfileActionSet: { } set } => new ActionSet(
            set.ActionProfileActions.Select(one => new WeightedCall(Call(index, one.Action), one.Weight)).ToEquatableArray()),
        { HasActionProfileMemberId: true } => new MemberReference(action.ActionProfileMemberId),
        { HasActionProfileGroupId: true } => new GroupReference(action.ActionProfileGroupId),
        _ => throw new FormatException("an entry without an action"),
    };

    private static ActionCall Call(P4InfoIndex index, Wire.Action wire)
    {
        var action = index.Action(wire.ActionId);
        if (wire.Params.Count != action.Parameters.Length)
        {
            throw new FormatException($"{action.Name} came with {wire.Params.Count} arguments, not {action.Parameters.Length}");
        }

        var arguments = new ActionArgument[action.Parameters.Length];
        foreach (var parameter in wire.Params)
        {
            var field = InfoField.Find(action.Parameters, parameter.ParamId, action.Name);
            arguments[Array.IndexOf(action.Parameters, field)] = new ActionArgument(field.Name, Value(field, parameter.Value));
        }

        return new ActionCall(action.Name, [.. arguments]);
    }

    private static MulticastGroup MulticastGroup(Wire.MulticastGroupEntry wire) => new(
        wire.MulticastGroupId,
        wire.Replicas.Select(replica => new Replica(Port(replica), replica.Instance)).Order().ToEquatableArray());

#pragma warning disable CS0612 // A server that predates P4Runtime 1.4 answers with the deprecated field.
    private static uint Port(Wire.Replica replica) => replica.PortKindCase == Wire.Replica.PortKindOneofCase.EgressPort
        ? replica.EgressPort
        : (uint)Bitstrings.Decode(replica.Port);
#pragma warning restore CS0612

    private static ProfileGroup ProfileGroup(P4InfoIndex index, Wire.ActionProfileGroup wire) => new(
        index.Profile(wire.ActionProfileId), wire.GroupId, wire.MaxSize,
        wire.Members.Select(member => new GroupMember(member.MemberId, member.Weight)).OrderBy(member => member.Member).ToEquatableArray());

    // QUIRK(simple_switch_grpc 1.15 with PI): it keeps rates as fractions, and reads some of them back as an octet a second less.
    private static uint Kilobits(long octets) => (uint)Math.Clamp(
        (octets + (MeterCell.OctetsPerKilobit / 2)) / MeterCell.OctetsPerKilobit, 0, uint.MaxValue);

    private static UInt128 Value(InfoField field, Google.Protobuf.ByteString bytes)
    {
        var value = Bitstrings.Decode(bytes);
        return field.Width >= 128 || value >> field.Width == 0
            ? value
            : throw new FormatException($"0x{value:x} exceeds the {field.Width} bits of {field.Name}");
    }
}
