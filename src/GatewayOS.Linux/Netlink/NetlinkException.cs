using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>The kernel refused a netlink request.</summary>
/// <param name="errno">The error number, see errno(3); positive.</param>
/// <param name="what">What was asked for, such as <c>list the links</c>.</param>
/// <param name="detail">The kernel's own sentence, when it gave one (NLMSGERR_ATTR_MSG).</param>
public sealed class NetlinkException(int errno, string what, string? detail = null)
    : Exception($"The kernel refused to {what}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}){(detail is null ? "" : $", {detail}")}")
{
    public int Errno { get; } = errno;

    public string What { get; } = what;
}
