using GatewayOS.Compiler.Tracking;
using GatewayOS.P4;

namespace GatewayOS.Control.Tracking;

/// <summary>The entries that one direction of a connection has on the device.</summary>
/// <param name="Packets">What they are for.</param>
/// <param name="Index">The connection's number.</param>
/// <param name="Number">The entry that gives the number.</param>
/// <param name="Finishes">The entries that say what becomes of it, by state.</param>
internal sealed record WrittenConnection(TrackedPackets Packets, uint Index, TableEntry Number, IReadOnlyList<TableEntry> Finishes)
{
    /// <summary>Set while the device has reported that no packet came; what it had counted then.</summary>
    public long? IdleSince { get; set; }
}
