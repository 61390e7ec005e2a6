using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.P4Runtime;

/// <summary>What a device says on its own (P4Runtime 1.5, 16).</summary>
public abstract record SwitchNotification
{
    private SwitchNotification()
    {
    }

    /// <summary>Who may write has changed.</summary>
    /// <param name="Primary">Whether this session may.</param>
    /// <param name="HighestElectionId">The highest that the device has seen, connected or not; 0 when it tells none.</param>
    /// <param name="Vacant">Nobody may write: whoever had the highest election id is gone (5.3), and this session may claim it.</param>
    public sealed record Arbitration(bool Primary, UInt128 HighestElectionId, bool Vacant) : SwitchNotification;

    /// <summary>No packet has met these entries for their timeout; they are still there (16.4).</summary>
    public sealed record IdleTimeout(EquatableArray<EntryKey> Entries) : SwitchNotification;

    /// <summary>A packet to the controller, with its metadata by the ids of P4Info.</summary>
    public sealed record PacketIn(ReadOnlyMemory<byte> Payload, EquatableArray<PacketField> Metadata) : SwitchNotification;

    /// <summary>The device could not do what an earlier message of the stream asked (16.6).</summary>
    public sealed record Failed(WriteStatus Status, string Message) : SwitchNotification;
}
