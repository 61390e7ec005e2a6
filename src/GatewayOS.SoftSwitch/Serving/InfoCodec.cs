using GatewayOS.Core;
using GatewayOS.P4;
using GatewayOS.P4Runtime.Protocol.Config;
using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Translates between messages, which have ids, and values, which have names, by the P4Info of the program.</summary>
/// <remarks>Every method throws <see cref="RpcException"/> for a message that P4Info does not allow.</remarks>
internal sealed class InfoCodec
{
    private readonly Dictionary<uint, Table> _tables;
    private readonly Dictionary<uint, GatewayOS.P4Runtime.Protocol.Config.Action> _actions;
    private readonly Dictionary<uint, ActionProfile> _profiles;

    public InfoCodec(P4Info info)
    {
        Info = info;
        _tables = info.Tables.ToDictionary(table => table.Preamble.Id);
        _actions = info.Actions.ToDictionary(action => action.Preamble.Id);
        _profiles = info.ActionProfiles.ToDictionary(profile => profile.Preamble.Id);
    }

    public P4Info Info { get; }

    public Table Table(uint id) => Find(_tables, id, "table");

    public ActionProfile Profile(uint id) => Find(_profiles, id, "action profile");

    public Counter Counter(uint id) => Info.Counters.FirstOrDefault(counter => counter.Preamble.Id == id) ?? throw Unknown("counter", id);

    public Meter Meter(uint id) => Info.Meters.FirstOrDefault(meter => meter.Preamble.Id == id) ?? throw Unknown("meter", id);

    public Register Register(uint id) => Info.Registers.FirstOrDefault(register => register.Preamble.Id == id) ?? throw Unknown("register", id);

    public ValueSet ValueSet(uint id) => Info.ValueSets.FirstOrDefault(set => set.Preamble.Id == id) ?? throw Unknown("value set", id);

    /// <summary>The key of an entry; its action is not looked at.</summary>
    public EntryKey ReadKey(Wire.TableEntry entry)
    {
        var table = Table(entry.TableId);
        var matches = new List<FieldMatch>();
        foreach (var field in table.MatchFields)
        {
            var given = entry.Match.Where(match => match.FieldId == field.Id).ToArray();
            if (given.Length > 1)
            {
                throw Rpc.Invalid($"the field '{field.Name}' of '{table.Preamble.Name}' is matched twice");
            }

            if (given.Length == 1)
            {
                matches.Add(ReadMatch(field, given[0]));
            }
        }

        return entry.Match.All(match => table.MatchFields.Any(field => field.Id == match.FieldId))
            ? new EntryKey(table.Preamble.Name, matches.ToEquatableArray(), entry.Priority)
            : throw Rpc.Invalid($"a match of an unknown field of '{table.Preamble.Name}'");
    }

    public TableEntry ReadEntry(Wire.TableEntry entry)
    {
        var key = ReadKey(entry);
        if (entry.Action is null)
        {
            throw Rpc.Invalid($"an entry of '{key.Table}' without an action");
        }

        return new TableEntry(key.Table, key.Match, key.Priority, ReadAction(entry.Action))
        {
            IdleTimeout = TimeSpan.FromTicks(entry.IdleTimeoutNs / 100),
        };
    }

    public ActionCall ReadCall(Wire.Action action)
    {
        var shape = Find(_actions, action.ActionId, "action");
        var arguments = new List<ActionArgument>();
        foreach (var parameter in shape.Params)
        {
            var given = action.Params.Where(candidate => candidate.ParamId == parameter.Id).ToArray();
            if (given.Length != 1)
            {
                throw Rpc.Invalid($"'{shape.Preamble.Name}' needs its parameter '{parameter.Name}' once");
            }

            arguments.Add(new ActionArgument(
                parameter.Name, Bits.Read(given[0].Value, parameter.Bitwidth, $"'{parameter.Name}' of '{shape.Preamble.Name}'")));
        }

        return action.Params.Count == arguments.Count
            ? new ActionCall(shape.Preamble.Name, arguments.ToEquatableArray())
            : throw Rpc.Invalid($"an unknown parameter of '{shape.Preamble.Name}'");
    }

    public Wire.TableEntry WriteEntry(TableEntry entry)
    {
        var message = WriteKey(entry.Key);
        message.Action = WriteAction(entry.Action);
        message.IdleTimeoutNs = entry.IdleTimeout.Ticks * 100;
        return message;
    }

    public Wire.TableEntry WriteKey(EntryKey key)
    {
        var table = Info.Tables.First(table => table.Preamble.Name == key.Table);
        var message = new Wire.TableEntry { TableId = table.Preamble.Id, Priority = key.Priority };
        for (var i = 0; i < key.Match.Count; i++)
        {
            var field = table.MatchFields.First(field => NameOf(field) == key.Match[i].Field);
            message.Match.Add(WriteMatch(field, key.Match[i]));
        }

        return message;
    }

    public Wire.Action WriteCall(ActionCall call)
    {
        var shape = Info.Actions.First(action => action.Preamble.Name == call.Name);
        var message = new Wire.Action { ActionId = shape.Preamble.Id };
        message.Params.AddRange(shape.Params.Select(parameter => new Wire.Action.Types.Param { ParamId = parameter.Id, Value = Bits.Write(call[parameter.Name]) }));
        return message;
    }

    public Wire.TableAction WriteAction(TableAction action)
    {
        switch (action)
        {
            case ActionCall call:
                return new Wire.TableAction { Action = WriteCall(call) };
            case MemberReference member:
                return new Wire.TableAction { ActionProfileMemberId = member.Member };
            case GroupReference group:
                return new Wire.TableAction { ActionProfileGroupId = group.Group };
            case ActionSet set:
                var message = new Wire.ActionProfileActionSet();
                message.ActionProfileActions.AddRange(set.Calls.Select(call => new Wire.ActionProfileAction { Action = WriteCall(call.Call), Weight = call.Weight }));
                return new Wire.TableAction { ActionProfileActionSet = message };
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private TableAction ReadAction(Wire.TableAction action) => action.TypeCase switch
    {
        Wire.TableAction.TypeOneofCase.Action => ReadCall(action.Action),
        Wire.TableAction.TypeOneofCase.ActionProfileMemberId => new MemberReference(action.ActionProfileMemberId),
        Wire.TableAction.TypeOneofCase.ActionProfileGroupId => new GroupReference(action.ActionProfileGroupId),
        Wire.TableAction.TypeOneofCase.ActionProfileActionSet => new ActionSet(action.ActionProfileActionSet.ActionProfileActions
            .Select(call => new WeightedCall(ReadCall(call.Action), call.Weight)).ToEquatableArray()),
        Wire.TableAction.TypeOneofCase.None or _ => throw Rpc.Invalid("an entry without an action"),
    };

    /// <summary>bmv2's JSON has the name of a validity key that P4Info writes otherwise.</summary>
    private static string NameOf(MatchField field) => field.Name.Replace("isValid()", "$valid$", StringComparison.Ordinal);

    private static FieldMatch ReadMatch(MatchField field, Wire.FieldMatch match)
    {
        var (name, width) = (NameOf(field), field.Bitwidth);
        UInt128 Value(Google.Protobuf.ByteString octets) => Bits.Read(octets, width, $"the key field '{field.Name}'");
        switch (match.FieldMatchTypeCase, field.MatchType)
        {
            case (Wire.FieldMatch.FieldMatchTypeOneofCase.Exact, MatchField.Types.MatchType.Exact):
                return new FieldMatch.Exact(name, Value(match.Exact.Value));
            case (Wire.FieldMatch.FieldMatchTypeOneofCase.Optional, MatchField.Types.MatchType.Optional):
                return new FieldMatch.Ternary(name, Value(match.Optional.Value), UInt128.MaxValue >> (128 - width));
            case (Wire.FieldMatch.FieldMatchTypeOneofCase.Lpm, MatchField.Types.MatchType.Lpm):
                return match.Lpm.PrefixLen > 0
                    ? new FieldMatch.Lpm(name, Value(match.Lpm.Value), match.Lpm.PrefixLen)
                    : throw Rpc.Invalid($"'{field.Name}': a prefix of length 0 has to be left out");
            case (Wire.FieldMatch.FieldMatchTypeOneofCase.Ternary, MatchField.Types.MatchType.Ternary):
                var (value, mask) = (Value(match.Ternary.Value), Value(match.Ternary.Mask));
                return mask != 0 && (value & ~mask) == 0
                    ? new FieldMatch.Ternary(name, value, mask)
                    : throw Rpc.Invalid($"'{field.Name}': a mask of 0 has to be left out, and bits outside the mask have to be 0");
            case (Wire.FieldMatch.FieldMatchTypeOneofCase.Range, MatchField.Types.MatchType.Range):
                return new FieldMatch.Range(name, Value(match.Range.Low), Value(match.Range.High));
            default:
                throw Rpc.Invalid($"'{field.Name}' is matched as {field.MatchType}, not as {match.FieldMatchTypeCase}");
        }
    }

    private static Wire.FieldMatch WriteMatch(MatchField field, FieldMatch match)
    {
        var message = new Wire.FieldMatch { FieldId = field.Id };
        switch (match)
        {
            case FieldMatch.Exact exact:
                message.Exact = new Wire.FieldMatch.Types.Exact { Value = Bits.Write(exact.Value) };
                break;
            case FieldMatch.Lpm lpm:
                message.Lpm = new Wire.FieldMatch.Types.LPM { Value = Bits.Write(lpm.Value), PrefixLen = lpm.PrefixLength };
                break;
            case FieldMatch.Ternary ternary when field.MatchType == MatchField.Types.MatchType.Optional:
                message.Optional = new Wire.FieldMatch.Types.Optional { Value = Bits.Write(ternary.Value) };
                break;
            case FieldMatch.Ternary ternary:
                message.Ternary = new Wire.FieldMatch.Types.Ternary { Value = Bits.Write(ternary.Value), Mask = Bits.Write(ternary.Mask) };
                break;
            case FieldMatch.Range range:
                message.Range = new Wire.FieldMatch.Types.Range { Low = Bits.Write(range.Low), High = Bits.Write(range.High) };
                break;
        }

        return message;
    }

    private static T Find<T>(Dictionary<uint, T> byId, uint id, string kind) => byId.TryGetValue(id, out var found) ? found : throw Unknown(kind, id);

    private static RpcException Unknown(string kind, uint id) => Rpc.Invalid($"P4Info has no {kind} with the id {id}");
}
