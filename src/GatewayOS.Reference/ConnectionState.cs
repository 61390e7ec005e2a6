namespace GatewayOS.Reference;

/// <summary>The bits of <c>ct_state</c>, as in ovs-fields(7).</summary>
[Flags]
public enum ConnectionState
{
    None = 0,
    New = 1 << 0,
    Established = 1 << 1,
    Related = 1 << 2,
    Reply = 1 << 3,
    Invalid = 1 << 4,
    Tracked = 1 << 5,
    SourceNat = 1 << 6,
    DestinationNat = 1 << 7,
}
