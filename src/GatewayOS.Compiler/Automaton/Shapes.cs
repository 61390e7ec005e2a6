namespace GatewayOS.Compiler.Automaton;

/// <summary>Finds out the shape of a lookup.</summary>
public static class Shapes
{
    public static Shape Of(IEnumerable<Row> rows, PacketClass packetClass)
    {
        var (wholeMacs, prefixes) = (true, true);
        var fields = FieldSet.None;
        foreach (var row in rows)
        {
            foreach (var term in row.Cube.Terms)
            {
                fields |= (FieldSet)(1 << (int)term.Field);
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
}
