namespace GatewayOS.Control.Supervision;

/// <summary>The pauses between attempts: they double, and are shortened by up to a quarter so that many agents do not return all at once.</summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest, uint seed)
{
    private uint _state = seed | 1;
    private int _doublings;

    public TimeSpan Next()
    {
        // xorshift32 (Marsaglia)
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        var pause = first * Math.Pow(2, _doublings);
        _doublings = pause < longest ? _doublings + 1 : _doublings;
        return (pause < longest ? pause : longest) * (1 - _state / (4.0 * uint.MaxValue));
    }

    public void Reset() => _doublings = 0;
}
