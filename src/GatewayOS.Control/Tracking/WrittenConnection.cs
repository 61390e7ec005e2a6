using GatewayOS.Compiler.Tracking;
using GatewayOS.P4;

namespace GatewayOS.Control.Tracking;

/// <summary>The entries that one direction of a connection has on the device.</summary>
/// <param name="Direction">Whose packets.</param>
/// <param name="Packets">What they are for.</param>
/// <param name="Index">The connection's number.</param>
/// <param name="Number">The entry that gives the number.</param>
/// <param name="Finishes">The entries that say what becomes of it, by state.</param>
internal sealed record WrittenConnection(TrackedDirection Direction, TrackedPackets Packets, uint Index, TableEntry Number, IReadOnlyList<TableEntry> Finishes)
{
    // Number 0 is no connection: its packets punt, and are counted.
    private static readonly ActionCall s_none = PipelineActions.SetConnection(0);

    /// <summary>Set while no packet comes, as the device has reported, or none has come yet; what it had counted then.</summary>
    public long? IdleSince { get; set; }

    /// <summary>A moment at which its tracker knew it, as after a packet; null until the first look after it was written.</summary>
    public long? Known { get; set; }

    /// <summary>How long its tracker knows it then; null until somebody asks.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Set while its packets are left to OVS.</summary>
    public ConnectionRest? Rest { get; set; }

    /// <summary>The entry that stands for <see cref="Number"/> on the device.</summary>
    public TableEntry Entry => Rest is null ? Number : RestOf(Number);

    public static TableEntry RestOf(TableEntry number) => number with { Action = s_none };
}
