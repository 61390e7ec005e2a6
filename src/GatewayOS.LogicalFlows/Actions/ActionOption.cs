using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// One <c>name = value</c> of put_dhcp_opts, put_dhcpv6_opts, put_nd_ra_opts or trigger_event.
/// <paramref name="Values"/>: only <see cref="SetItem.Number"/> and <see cref="SetItem.Text"/>.
/// </summary>
public sealed record ActionOption(string Name, EquatableArray<SetItem> Values, bool InBraces)
{
    internal ActionOption Canonical() =>
        this with { Values = [.. Values.Select(item => item is SetItem.Number number ? new SetItem.Number(number.Value.Canonical()) : item)] };
}
