using System.Globalization;
using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Network;

/// <summary>A virtual address or a backend: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>, or without a port.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">0: all.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadBalancerEnd(IpAddress Address, ushort Port)
{
    public static LoadBalancerEnd? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (IpAddress.TryParse(text, out var alone))
        {
            return new(alone, 0);
        }

        var colon = text.LastIndexOf(':');
        var address = colon < 0 ? [] : text[..colon];
        if (address is ['[', .. var inner, ']'])
        {
            address = inner;
        }

        return IpAddress.TryParse(address, out var ip) && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new(ip, port) : null;
    }
}
