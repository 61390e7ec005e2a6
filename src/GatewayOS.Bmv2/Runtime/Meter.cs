namespace GatewayOS.Bmv2.Runtime;

/// <summary>One meter. Without a configuration every packet is green.</summary>
internal sealed class Meter
{
    private MeterRates? _rates;
    private double _committed;
    private double _peak;
    private long _last;

    public MeterRates? Rates => _rates;

    /// <summary>Starts with full buckets; null takes the configuration away.</summary>
    public void Configure(MeterRates? rates, long now)
    {
        _rates = rates;
        _committed = rates?.CommittedBurst ?? 0;
        _peak = rates?.PeakBurst ?? 0;
        _last = now;
    }

    /// <summary>0 green, 1 yellow, 2 red. A red packet takes nothing from the buckets, a yellow one only from the peak bucket.</summary>
    /// <param name="units">Octets or packets.</param>
    /// <param name="now">Microseconds.</param>
    public ulong Execute(int units, long now)
    {
        if (_rates is not { } rates)
        {
            return 0;
        }

        var elapsed = Math.Max(now - _last, 0) / 1e6;
        _last = now;
        _committed = Math.Min(_committed + elapsed * rates.CommittedRate, rates.CommittedBurst);
        _peak = Math.Min(_peak + elapsed * rates.PeakRate, rates.PeakBurst);
        if (_peak < units)
        {
            return 2;
        }

        _peak -= units;
        if (_committed < units)
        {
            return 1;
        }

        _committed -= units;
        return 0;
    }
}
