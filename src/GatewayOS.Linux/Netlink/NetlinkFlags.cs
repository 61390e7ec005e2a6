namespace GatewayOS.Linux.Netlink;

/// <summary>Flags of the message header (linux/netlink.h).</summary>
internal static class NetlinkFlags
{
    public const ushort Request = 0x001;
    public const ushort Acknowledge = 0x004;
    public const ushort Create = 0x400;
    public const ushort Dump = 0x300;

    /// <summary>On an answer: the kernel's list changed while it was being sent.</summary>
    public const ushort DumpInterrupted = 0x010;

    /// <summary>On an error: attributes follow that explain it.</summary>
    public const ushort ExplainedError = 0x200;
}
