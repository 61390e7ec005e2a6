using System.Numerics;
using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Expressions;
using GatewayOS.Bmv2.Layout;
using GatewayOS.Bmv2.Tables;
using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>Counters, meters and registers as the control plane sees them.</summary>
public sealed partial class SwitchMachine
{
    /// <summary>The number of cells of a counter array.</summary>
    /// <exception cref="ArgumentException">There is no such array.</exception>
    public int CounterSize(string counter) => Named(_objects.Counters, array => array.Name, counter).Size;

    /// <inheritdoc cref="CounterSize"/>
    public int MeterSize(string meter) => Named(_objects.Meters, array => array.Name, meter).Size;

    /// <inheritdoc cref="CounterSize"/>
    public int RegisterSize(string register) => Named(_objects.Registers, array => array.Name, register).Size;

    /// <exception cref="ArgumentException">There is no such array or cell.</exception>
    public CounterValue ReadCounter(string counter, int index)
    {
        using var writing = Enter();
        var array = Named(_objects.Counters, candidate => candidate.Name, counter);
        return array[Checked(index, array.Size)];
    }

    /// <inheritdoc cref="ReadCounter"/>
    public void WriteCounter(string counter, int index, CounterValue value)
    {
        using var writing = Enter();
        var array = Named(_objects.Counters, candidate => candidate.Name, counter);
        array[Checked(index, array.Size)] = value;
    }

    /// <inheritdoc cref="ReadCounter"/>
    public MeterRates? ReadMeter(string meter, int index)
    {
        using var writing = Enter();
        var array = Named(_objects.Meters, candidate => candidate.Name, meter);
        return array[Checked(index, array.Size)].Rates;
    }

    /// <inheritdoc cref="ReadCounter"/>
    public void ConfigureMeter(string meter, int index, MeterRates? rates)
    {
        using var writing = Enter();
        var array = Named(_objects.Meters, candidate => candidate.Name, meter);
        array[Checked(index, array.Size)].Configure(rates, Now);
    }

    /// <inheritdoc cref="ReadCounter"/>
    public BigInteger ReadRegister(string register, int index)
    {
        using var writing = Enter();
        var array = Named(_objects.Registers, candidate => candidate.Name, register);
        var limbs = new ulong[FieldLayout.LimbsOf(array.Width)];
        array.Read((ulong)Checked(index, array.Size), limbs, 0, array.Width);
        return WideMath.Load(limbs, 0, array.Width, signed: false);
    }

    /// <inheritdoc cref="ReadCounter"/>
    public void WriteRegister(string register, int index, BigInteger value)
    {
        using var writing = Enter();
        var array = Named(_objects.Registers, candidate => candidate.Name, register);
        var limbs = new ulong[FieldLayout.LimbsOf(array.Width)];
        WideMath.Store(value, limbs, 0, array.Width);
        array.Write((ulong)Checked(index, array.Size), limbs, 0, array.Width);
    }

    /// <summary>Sets the direct counter of an entry.</summary>
    public ControlResult WriteDirectCounter(EntryKey key, CounterValue value) => Write(() =>
    {
        var (table, entry) = Required(key);
        if (!table.Definition.CountsPackets)
        {
            throw ControlException.Invalid($"the table '{table.Definition.Name}' has no direct counter");
        }

        (entry.Packets, entry.Octets) = (value.Packets, value.Octets);
    });

    /// <summary>Configures the direct meter of an entry; null lets every packet be green.</summary>
    public ControlResult ConfigureDirectMeter(EntryKey key, MeterRates? rates) => Write(() =>
    {
        var (table, entry) = Required(key);
        if (entry.Meter is not { } meter)
        {
            throw ControlException.Invalid($"the table '{table.Definition.Name}' has no direct meter");
        }

        meter.Configure(rates, Now);
    });

    private (MatchTable Table, Entry Entry) Required(EntryKey key)
    {
        var table = Table(key.Table);
        return (table, Same(table, key) ?? throw ControlException.NotFound($"the table '{table.Definition.Name}' has no such entry: {key}"));
    }

    private static T Named<T>(T[] arrays, Func<T, string> nameOf, string name)
        where T : class => arrays.SingleOrDefault(array => EntryCodec.IsNamed(nameOf(array), name))
        ?? throw new ArgumentException($"there is no '{name}'", nameof(name));

    private static int Checked(int index, int size) => index >= 0 && index < size
        ? index
        : throw new ArgumentException($"the index {index} is not below {size}", nameof(index));
}
