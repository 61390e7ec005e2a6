using System.Runtime.InteropServices;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.FloatingIps;

/// <summary>An address field that must have the bits of <paramref name="Value"/> under <paramref name="Mask"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AddressMatch(IpAddress Value, UInt128 Mask)
{
    /// <summary>The only address; null if there are others.</summary>
    public IpAddress? Only => Mask == UInt128.MaxValue >> (128 - Value.Width) ? Value : null;

    public bool Includes(IpAddress address) => address.IsIpv6 == Value.IsIpv6 && (address.Value & Mask) == Value.Value;

    /// <summary>The first such condition among those that must all hold.</summary>
    public static AddressMatch? Find(IEnumerable<Expr> terms, string field4, string field6) =>
        terms.OfType<Expr.Compare>().Where(term => term.Relop == Relop.Equal && (term.Field.Name == field4 || term.Field.Name == field6))
            .Select(term => (AddressMatch?)new AddressMatch(new IpAddress(term.Value, term.Field.Name == field6), term.Mask)).FirstOrDefault();
}
