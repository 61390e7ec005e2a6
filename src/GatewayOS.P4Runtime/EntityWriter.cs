using System.Diagnostics;
using GatewayOS.P4;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.P4Runtime;

/// <summary>From values to P4Runtime messages. <see cref="EntityReader"/> is the way back.</summary>
public static class EntityWriter
{
    private const long NanosecondsPerTick = 100;

    /// <exception cref="FormatException">The entity does not fit the P4Info.</exception>
    public static Wire.Update Update(P4InfoIndex index, EntityUpdate update)
    {
        var wire = new Wire.Update { Type = (Wire.Update.Types.Type)update.Kind, Entity = Entity(index, update.Entity) };
        if (wire.Entity.MeterEntry is { } meter)
        {
            // A cell always exists: it is only modified, and without a configuration everything passes (9.4.1).
            wire.Type = Wire.Update.Types.Type.Modify;
            meter.Config = update.Kind == UpdateKind.Delete ? null : meter.Config;
        }

        return wire;
    }

    /// <exception cref="FormatException">The entity does not fit the P4Info.</exception>
    public static Wire.Entity Entity(P4InfoIndex index, PipelineEntity entity) => entity switch
    {
        TableEntry entry => new Wire.Entity { TableEntry = TableEntry(index, entry) },
        MulticastGroup group => new Wire.Entity { PacketReplicationEngineEntry = new() { MulticastGroupEntry = MulticastGroup(group) } },
        ProfileMember member => new Wire.Entity
        {
            ActionProfileMember = new()
            {
                ActionProfileId = index.Profile(member.Profile),
                MemberId = member.Member,
                Action = Call(index, member.Call),
            },
        },
        ProfileGroup group => new Wire.Entity { ActionProfileGroup = ProfileGroup(index, group) },
        MeterCell cell => new Wire.Entity { MeterEntry = MeterEntry(index, cell) },
        _ => throw new UnreachableException(),
    };

    public static Wire.TableEntry TableEntry(P4InfoIndex index, TableEntry entry)
    {
        var wire = EntryKey(index, entry.Key);
        wire.Action = Action(index, entry.Action);
        wire.IdleTimeoutNs = entry.IdleTimeout.Ticks * NanosecondsPerTick;
        return wire;
    }

    public static Wire.TableEntry EntryKey(P4InfoIndex index, EntryKey key)
    {
        var table = index.Table(key.Table);
        var wire = new Wire.TableEntry { TableId = table.Id, Priority = key.Priority };
        foreach (var match in key.Match)
        {
            wire.Match.Add(Match(InfoField.Find(table.Keys, match.Field, table.Name), match));
        }

        return wire;
    }

    private static Wire.FieldMatch Match(InfoField field, FieldMatch match) => match switch
    {
        FieldMatch.Exact exact => new() { FieldId = field.Id, Exact = new() { Value = Bitstrings.Encode(exact.Value) } },
        FieldMatch.Lpm lpm => new()
        {
            FieldId = field.Id,
            Lpm = new() { Value = Bitstrings.Encode(lpm.Value), PrefixLen = lpm.PrefixLength },
        },
        FieldMatch.Ternary ternary => new()
        {
            FieldId = field.Id,
            Ternary = new() { Value = Bitstrings.Encode(ternary.Value), Mask = Bitstrings.Encode(ternary.Mask) },
        },
        FieldMatch.Range range => new()
        {
            FieldId = field.Id,
            Range = new() { Low = Bitstrings.Encode(range.Low), High = Bitstrings.Encode(range.High) },
        },
        _ => throw new UnreachableException(),
    };

    private static Wire.TableAction Action(P4InfoIndex index, TableAction action)
    {
        switch (action)
        {
            case ActionCall call:
                return new() { Action = Call(index, call) };
            case MemberReference member:
                return new() { ActionProfileMemberId = member.Member };
            case GroupReference group:
                return new() { ActionProfileGroupId = group.Group };
            case ActionSet set:
                var wire = new Wire.ActionProfileActionSet();
                foreach (var one in set.Calls)
                {
                    wire.ActionProfileActions.Add(
                        new Wire.ActionProfileAction { Action = Call(index, one.Call), Weight = one.Weight });
                }

                return new() { ActionProfileActionSet = wire };
            default:
                throw new UnreachableException();
        }
    }

    private static Wire.Action Call(P4InfoIndex index, ActionCall call)
    {
        var action = index.Action(call.Name);
        var wire = new Wire.Action { ActionId = action.Id };
        foreach (var argument in call.Arguments)
        {
            wire.Params.Add(new Wire.Action.Types.Param
            {
                ParamId = InfoField.Find(action.Parameters, argument.Name, action.Name).Id,
                Value = Bitstrings.Encode(argument.Value),
            });
        }

        return wire;
    }

    private static Wire.MeterEntry MeterEntry(P4InfoIndex index, MeterCell cell)
    {
        var (rate, burst) = (cell.Rate * MeterCell.OctetsPerKilobit, cell.Burst * MeterCell.OctetsPerKilobit);
        return new Wire.MeterEntry
        {
            MeterId = index.Meter(cell.Meter),
            Index = new() { Index_ = cell.Index },
            Config = new() { Cir = rate, Cburst = burst, Pir = rate, Pburst = burst },
        };
    }

    private static Wire.MulticastGroupEntry MulticastGroup(MulticastGroup group)
    {
        var wire = new Wire.MulticastGroupEntry { MulticastGroupId = group.Group };
        foreach (var replica in group.Replicas)
        {
            wire.Replicas.Add(new Wire.Replica { Port = Bitstrings.Encode(replica.Port), Instance = replica.Instance });
        }

        return wire;
    }

    private static Wire.ActionProfileGroup ProfileGroup(P4InfoIndex index, ProfileGroup group)
    {
        var wire = new Wire.ActionProfileGroup
        {
            ActionProfileId = index.Profile(group.Profile),
            GroupId = group.Group,
            MaxSize = group.MaxSize,
        };
        foreach (var member in group.Members)
        {
            wire.Members.Add(new Wire.ActionProfileGroup.Types.Member { MemberId = member.Member, Weight = member.Weight });
        }

        return wire;
    }
}
