using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>One threshold of a meter. Source: ovn-sb(5) Meter_Band.</summary>
public sealed record MeterBand : IRow<MeterBand>
{
    public static string TableName => "Meter_Band";

    public Guid Uuid { get; init; }

    /// <summary>Always drop.</summary>
    public string Action { get; init; } = "";

    /// <summary>In the meter's unit.</summary>
    public long Rate { get; init; }

    /// <summary>In kilobits or packets.</summary>
    public long BurstSize { get; init; }

    public static MeterBand Read(Guid uuid, RowReader columns, MeterBand? old) => new()
    {
        Uuid = uuid,
        Action = columns.Text("action", old?.Action),
        Rate = columns.LongNumber("rate", old?.Rate),
        BurstSize = columns.LongNumber("burst_size", old?.BurstSize),
    };
}
