namespace GatewayOS.P4;

/// <summary>What a cell of a meter lets pass (P4Runtime 1.5, 9.4.1). It always exists: to delete it means that everything passes.</summary>
/// <remarks>The units are those of OpenFlow's meters (kbps), and whole in P4Runtime's (octets a second) too.</remarks>
/// <param name="Meter">One of <see cref="MeterNames"/>.</param>
/// <param name="Index">1 up to <see cref="Metering.Last"/>; 0 stands for no meter.</param>
/// <param name="Rate">Kilobits a second; what is beyond is red.</param>
/// <param name="Burst">Kilobits that may pass at once.</param>
public sealed record MeterCell(string Meter, uint Index, uint Rate, uint Burst) : PipelineEntity
{
    /// <summary>P4Runtime's unit in that of this record.</summary>
    public const long OctetsPerKilobit = 125;

    /// <summary>The largest burst that devices take: PI counts octets in 32 bits.</summary>
    public const uint LargestBurst = (uint)(uint.MaxValue / OctetsPerKilobit);

    public override MeterKey Key => new(Meter, Index);
}
