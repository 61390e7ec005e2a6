using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Reads the addresses column of a southbound Address_Set.</summary>
public static class AddressSetItems
{
    /// <summary>
    /// The items in OVN's order: by value, masked before unmasked, then by mask. Texts that are no number are left out, as
    /// ovn-controller does (it logs a warning).
    /// </summary>
    public static EquatableArray<Constant> Parse(IEnumerable<string> addresses)
    {
        var pool = new StringPool();
        var items = new List<Constant>();
        foreach (var address in addresses)
        {
            var token = new Lexer(address, pool).Current;
            if (token.Kind is TokenKind.Number or TokenKind.MaskedNumber)
            {
                items.Add(token.Number);
            }
        }

        items.Sort(Order);
        return [.. items];
    }

    private static int Order(Constant left, Constant right)
    {
        var byValue = left.Value.CompareTo(right.Value);
        return byValue != 0 ? byValue
            : (left.Mask ?? UInt128.Zero, right.Mask ?? UInt128.Zero) is var (leftMask, rightMask) && left.IsMasked == right.IsMasked
                ? leftMask.CompareTo(rightMask)
            : left.IsMasked ? -1 : 1;
    }
}
