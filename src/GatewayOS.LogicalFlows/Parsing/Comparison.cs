using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Checks a comparison's types and makes its tree.</summary>
internal static class Comparison
{
    /// <summary>
    /// Makes the tree, or returns null and the complaint. <paramref name="isNegated"/>: whether the comparison is inside an odd
    /// number of NOT operators, which the caller applies later.
    /// </summary>
    public static Expr? Make(FieldSlice slice, Relop relop, ValueSet values, bool isNegated, out string? error)
    {
        error = CheckTypes(slice.Field, values)
            ?? (relop is Relop.Equal or Relop.NotEqual ? null : CheckOrder(slice.Field, values))
            ?? (slice.Field.Level == FieldLevel.Nominal ? CheckNominal(slice.Field, relop, values, isNegated) : null);
        if (error is not null)
        {
            return null;
        }

        if (values.IsSymbolic)
        {
            return new Expr.InSet(slice, relop, values.CanonicalItems(), values.InBraces, IsNegated: false);
        }

        if (values.Items.Count == 0)
        {
            return relop == Relop.NotEqual ? Expr.True : Expr.False;
        }

        var operands = new Expr[values.Items.Count];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Compare(slice, relop, values.Items[i], values.SetName);
        }

        return operands.Length == 1 ? operands[0]
            : relop == Relop.Equal ? new Expr.Or(new EquatableArray<Expr>([.. operands])) { SetName = values.SetName }
            : new Expr.And(new EquatableArray<Expr>([.. operands])) { SetName = values.SetName };
    }

    /// <summary>Whether the values fit the field's type and width.</summary>
    public static string? CheckTypes(Field field, ValueSet values)
    {
        if (values.IsText != field.IsString)
        {
            return $"{(field.IsString ? "String" : "Integer")} field {field.Name} is not compatible with "
                + $"{(values.IsText ? "string" : "integer")} constant.";
        }

        foreach (var item in values.Items)
        {
            if (item is SetItem.Number number && WidthOf(number.Value) is var width && width > field.Width)
            {
                return $"{width}-bit constant is not compatible with {field.Width}-bit field {field.Name}.";
            }
        }

        return null;
    }

    private static string? CheckOrder(Field field, ValueSet values)
    {
        if (values.InBraces)
        {
            return "Only == and != operators may be used with value sets.";
        }

        if (field.Level != FieldLevel.Ordinal)
        {
            var level = field.Level == FieldLevel.Nominal ? "nominal" : "Boolean";
            return $"Only == and != operators may be used with {level} field {field.Name}.";
        }

        return values.Items.Count == 0
                ? "Only == and != operators may be used to compare a field against an empty value set."
            : values.Items[0] is SetItem.Number { Value.IsMasked: true }
                ? "Only == and != operators may be used with masked constants.  Consider using subfields instead "
                    + "(e.g. eth.src[0..15] > 0x1111 in place of eth.src > 00:00:00:00:11:11/00:00:00:00:ff:ff)."
            : null;
    }

    private static string? CheckNominal(Field field, Relop relop, ValueSet values, bool isNegated)
    {
        if (!field.IsPredicate)
        {
            return relop == (isNegated ? Relop.NotEqual : Relop.Equal) ? null
                : $"Nominal field {field.Name} may only be tested for equality (taking enclosing `!' operators into account).";
        }

        foreach (var item in values.Items)
        {
            if (item is SetItem.Number number && !((number.Value.Value & 1) != 0 ^ relop == Relop.NotEqual ^ isNegated))
            {
                var name = field.Name;
                return $"Nominal predicate {name} may only be tested positively, e.g. `{name}' or `{name} == 1' but not "
                    + $"`!{name}' or `{name} == 0'.";
            }
        }

        return null;
    }

    private static Expr Compare(FieldSlice slice, Relop relop, SetItem item, string? setName)
    {
        if (item is SetItem.Text text)
        {
            return new Expr.CompareString(slice.Field, relop, text.Value);
        }

        // A constant wider than the slice, but not than the field, silently loses its upper bits: so it is in OVN.
        var constant = ((SetItem.Number)item).Value;
        var ones = UInt128.MaxValue >> (128 - slice.Width);
        var mask = (constant.Mask ?? ones) & ones;
        return new Expr.Compare(slice.Field, relop, (constant.Value & ones) << slice.Offset, mask << slice.Offset) { SetName = setName }.Canonical();
    }

    // The narrowest field the constant is reasonable for.
    private static int WidthOf(Constant constant) =>
        constant.OverflowWidth > 0 ? constant.OverflowWidth
        : constant.Mask is { } mask ? BitLength(mask)
        : constant.Format switch
        {
            ConstantFormat.Dec or ConstantFormat.Hex => BitLength(constant.Value),
            ConstantFormat.Ipv4 => 32,
            ConstantFormat.Ipv6 => 128,
            ConstantFormat.Ethernet => 48,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static int BitLength(UInt128 value) => 128 - (int)UInt128.LeadingZeroCount(value);
}
