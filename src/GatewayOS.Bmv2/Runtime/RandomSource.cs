namespace GatewayOS.Bmv2.Runtime;

/// <summary>A generator of evenly spread numbers from a seed (xorshift64*, Vigna 2016); good enough to spread packets, not for secrets.</summary>
internal sealed class RandomSource(ulong seed)
{
    private ulong _state = seed == 0 ? 0x9e3779b97f4a7c15 : seed;

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public ulong Next(ulong low, ulong high)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        var value = _state * 0x2545f4914f6cdd1d;
        var count = high - low + 1;
        return count == 0 ? value : low + Math.BigMul(value, count, out _);
    }
}
