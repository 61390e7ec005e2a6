using GatewayOS.Connections;
using GatewayOS.Linux.Netlink;
using static GatewayOS.Linux.Conntrack.ConntrackAttribute;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Reads CTA_PROTOINFO_TCP.</summary>
internal static class TcpInfo
{
    public static bool TryRead(ReadOnlySpan<byte> value, out TcpTracking tcp)
    {
        var (state, original, reply) = (default(byte), default(byte), default(byte));
        var attributes = new NetlinkAttributes(value);
        var fits = true;
        while (fits && attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case StateOfTcp:
                    fits = attributes.Value.Length == 1;
                    state = fits ? attributes.Value[0] : state;
                    break;
                // struct nf_ct_tcp_flags: flags 8, mask 8.
                case TcpFlagsOriginal or TcpFlagsReply:
                    fits = attributes.Value.Length == 2;
                    var flags = fits ? attributes.Value[0] : (byte)0;
                    (original, reply) = attributes.Type == TcpFlagsOriginal ? (flags, reply) : (original, flags);
                    break;
                default: break;
            }
        }

        // TCP_CONNTRACK_* has the numbers of our states, up to SYN_SENT2.
        fits &= attributes.IsWhole && state <= (byte)TcpState.SimultaneousOpen;
        tcp = new TcpTracking((TcpState)state, (TcpState)state, (TcpFlags)original, (TcpFlags)reply);
        return fits;
    }
}
