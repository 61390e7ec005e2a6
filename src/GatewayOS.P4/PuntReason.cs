namespace GatewayOS.P4;

/// <summary>Why the program itself left a packet to software: the index of the counter <c>punts</c>, below 64.</summary>
/// <remarks>The numbers agree with <c>p4/ids.p4</c>. From <see cref="PuntReasons.FirstOfCompiler"/> up they belong to the compiler.</remarks>
public enum PuntReason
{
    None = 0,
    NotIp = 1,
    GroupAddress = 2,
    OptionsOrExtensions = 3,
    Fragment = 4,
    TimeToLive = 5,
    Malformed = 6,
    Martian = 7,
    ControlProtocol = 8,
    TunnelHeader = 9,
    VlanStack = 10,
    Checksum = 11,
    UnknownTunnelPeer = 12,
    NoEntryPoint = 13,
    NoEntry = 14,
    TooLarge = 15,
    NoOutput = 16,
    ConnectionLifecycle = 17,
}
