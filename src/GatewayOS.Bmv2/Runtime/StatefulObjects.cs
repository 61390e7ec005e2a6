namespace GatewayOS.Bmv2.Runtime;

/// <summary>The arrays of a program that outlive packets, by their place in the JSON.</summary>
internal sealed class StatefulObjects
{
    public required CounterArray[] Counters;
    public required MeterArray[] Meters;
    public required RegisterArray[] Registers;

    public required ValueSet[] ValueSets;

    /// <summary>The source of <c>random</c>.</summary>
    public required RandomSource Random;
}
