using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Passes;

/// <summary>What a lookup tests, which decides the stages that can do it.</summary>
public enum Shape
{
    /// <summary>eth.src, perhaps with the IP source: port security.</summary>
    Guard,

    /// <summary>Whole Ethernet destinations.</summary>
    EthernetDestination,

    /// <summary>Prefixes of the IP destination.</summary>
    Destination,

    /// <summary>Anything but Ethernet addresses.</summary>
    Ternary,

    /// <summary>Ethernet addresses together with other fields: no stage does that.</summary>
    Mixed,
}

public static class Shapes
{
    public static Shape Of(IEnumerable<Row> rows, PacketClass packetClass)
    {
        var fields = default(FieldSet);
        var (wholeMacs, prefixes) = (true, true);
        foreach (var row in rows)
        {
            foreach (var term in row.Cube.Terms)
            {
                fields |= FieldSetOf(term.Field);
                wholeMacs &= term.Field != KeyField.EthDestination || term.Mask == Symbolic.Bits.Ones(48);
                prefixes &= term.Field != KeyField.Destination || PrefixLength(term.Mask, packetClass) >= 0;
            }
        }

        return fields switch
        {
            FieldSet.EthDestination when wholeMacs => Shape.EthernetDestination,
            FieldSet.Destination when prefixes => Shape.Destination,
            FieldSet.EthSource or (FieldSet.EthSource | FieldSet.Source) => Shape.Guard,
            _ when (fields & (FieldSet.EthSource | FieldSet.EthDestination)) == 0 => Shape.Ternary,
            _ => Shape.Mixed,
        };
    }

    /// <summary>The length of the prefix that the mask is, or -1 if it is none.</summary>
    public static int PrefixLength(UInt128 mask, PacketClass packetClass)
    {
        var width = packetClass.AddressWidth();
        var length = (int)UInt128.PopCount(mask);
        return mask == (Symbolic.Bits.Ones(width) & ~Symbolic.Bits.Ones(width - length)) ? length : -1;
    }

    [Flags]
    private enum FieldSet
    {
        None = 0,
        EthSource = 1,
        EthDestination = 2,
        Source = 4,
        Destination = 8,
        Others = 16,
    }

    private static FieldSet FieldSetOf(KeyField field) => field switch
    {
        KeyField.EthSource => FieldSet.EthSource,
        KeyField.EthDestination => FieldSet.EthDestination,
        KeyField.Source => FieldSet.Source,
        KeyField.Destination => FieldSet.Destination,
        _ => FieldSet.Others,
    };
}
