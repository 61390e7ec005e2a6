using GatewayOS.Compiler.Automaton;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The configurations of meters.</summary>
internal sealed class MeterEmitter(DeviceIds ids, EntrySink sink)
{
    private readonly Dictionary<RateLimit, (uint? Number, int Users)> _meters = [];

    /// <summary>Its number, or null when the device has none left.</summary>
    public ushort? NumberOf(RateLimit meter) => (ushort?)_meters.GetValueOrDefault(meter).Number;

    /// <summary>One user more: the first has it written.</summary>
    public void Take(RateLimit meter)
    {
        if (!_meters.TryGetValue(meter, out var known))
        {
            known = (ids.Meters.Take(meter.Content), 0);
            if (known.Number is { } number)
            {
                sink.TryPut(
                    new BlockKey(BlockKind.Meter, number),
                    new CompiledEntry(Metering.EntryOf(new MeterCell(MeterNames.Meters, number, meter.Rate, meter.Burst)), FlowTrail.Empty.Before(meter.Flow), null));
            }

            sink.IsOutOfNumbers |= known.Number is null;
        }

        _meters[meter] = known with { Users = known.Users + 1 };
    }

    /// <summary>One user less: with the last it goes.</summary>
    public void Release(RateLimit meter)
    {
        var known = _meters[meter];
        if (known.Users > 1)
        {
            _meters[meter] = known with { Users = known.Users - 1 };
            return;
        }

        _meters.Remove(meter);
        if (known.Number is { } number)
        {
            sink.Remove(new BlockKey(BlockKind.Meter, number));
            ids.Meters.Release(meter.Content);
        }
    }
}
