namespace GatewayOS.Ovsdb;

/// <summary>Pauses between attempts: doubling from a minimum to a maximum, each shortened by up to a quarter.</summary>
internal sealed class BackOff(ConnectionOptions options)
{
    private uint _state = options.JitterSeed | 1;
    private int _doublings;

    public TimeSpan Next()
    {
        // xorshift32 (Marsaglia): spreads clients apart, needs no more quality than that.
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        var pause = options.MinimumBackOff * Math.Pow(2, _doublings);
        _doublings = pause < options.MaximumBackOff ? _doublings + 1 : _doublings;
        pause = pause < options.MaximumBackOff ? pause : options.MaximumBackOff;
        return pause * (1 - _state / (4.0 * uint.MaxValue));
    }

    public void Reset() => _doublings = 0;
}
