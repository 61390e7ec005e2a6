using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>Addresses of one family worth trying: those that the topology speaks of, and their neighbours.</summary>
internal sealed class AddressPool
{
    private static readonly string[] s_odd4 =
        ["0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "169.254.1.1", "223.255.255.255", "128.0.0.0", "100.64.7.7"];

    private static readonly string[] s_odd6 =
        ["::", "::1", "ff02::1", "ff0e::1234", "fe80::1", "::ffff:10.0.0.1", "2001:db8::", "fd00::1", "feff::1", "4000::1", "64:ff9b::1"];

    private readonly bool _isIpv6;
    private readonly UInt128[] _machines;
    private readonly (UInt128 Value, int Length)[] _prefixes;
    private readonly UInt128[] _odd;

    /// <param name="isIpv6">The family.</param>
    /// <param name="machines">Of the machines.</param>
    /// <param name="spoken">Those in flows and bindings.</param>
    public AddressPool(bool isIpv6, IEnumerable<IpAddress> machines, IEnumerable<(IpAddress Address, int Length)> spoken)
    {
        _isIpv6 = isIpv6;
        _machines = [.. machines.Where(address => address.IsIpv6 == isIpv6).Select(address => address.Value).Distinct()];
        _prefixes = [.. spoken.Where(pair => pair.Address.IsIpv6 == isIpv6 && pair.Length > 0).Select(pair => (pair.Address.Value, pair.Length)).Distinct().Order()];
        _odd = [.. (isIpv6 ? s_odd6 : s_odd4).Select(text => IpAddress.TryParse(text, out var address) ? address.Value : throw new FormatException(text))];
    }

    public UInt128 Machine(Dice dice) => _machines.Length == 0 ? Spoken(dice) : dice.Pick(_machines);

    /// <summary>In, at the ends of, or just beside a prefix of the topology.</summary>
    public UInt128 Spoken(Dice dice)
    {
        if (_prefixes.Length == 0)
        {
            return Random(dice);
        }

        var (value, length) = dice.Pick(_prefixes);
        var width = _isIpv6 ? 128 : 32;
        var hosts = length == 0 ? UInt128.MaxValue : (UInt128.One << (width - length)) - 1;
        var whole = _isIpv6 ? UInt128.MaxValue : uint.MaxValue;
        return dice.Below(6) switch
        {
            0 => value & ~hosts & whole,
            1 => (value | hosts) & whole,
            2 => ((value & ~hosts) - 1) & whole,
            3 => ((value | hosts) + 1) & whole,
            4 => ((value & ~hosts) | (Random(dice) & hosts)) & whole,
            _ => value,
        };
    }

    public UInt128 Odd(Dice dice) => dice.Pick(_odd);

    public UInt128 Random(Dice dice) => _isIpv6
        ? new UInt128(0x20010db8_00000000 | (dice.Next() & 0xffffffff), dice.Next() & 0xffff)
        : 0x05000000 | (dice.Next() & 0x3ffffff);
}
