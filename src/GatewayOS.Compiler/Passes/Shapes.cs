using System.Diagnostics;
using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Passes;

/// <summary>Finds out the shape of a lookup.</summary>
public static class Shapes
{
    public static Shape Of(IEnumerable<Row> rows, PacketClass packetClass)
    {
        var fields = FieldSet.None;
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

        return fields == FieldSet.EthDestination && wholeMacs ? Shape.EthernetDestination
            : fields == FieldSet.Destination && prefixes ? Shape.Destination
            : fields is FieldSet.EthSource or (FieldSet.EthSource | FieldSet.Source) ? Shape.Guard
            : (fields & (FieldSet.EthSource | FieldSet.EthDestination)) == FieldSet.None ? Shape.Ternary
            : Shape.Mixed;
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
        KeyField.Protocol or KeyField.L4Source or KeyField.L4Destination or KeyField.Dscp or KeyField.TcpFlags
            or KeyField.SourceClass or KeyField.DestinationClass => FieldSet.Others,
        _ => throw new UnreachableException(),
    };
}
