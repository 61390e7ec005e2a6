using System.Net;
using CsCheck;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Linux.Tests.Netlink;

public sealed class RouteMessagesTests
{
    private static readonly byte[] s_neighbour =
    [
        2, 0, 0, 0, 5, 0, 0, 0, 0x80, 0, 0, 1,
        8, 0, 1, 0, 192, 0, 2, 9,
        10, 0, 2, 0, 2, 0, 0, 0, 0, 9, 0, 0,
    ];

    [Fact]
    public void A_neighbour_is_read() => Assert.Equal(
        new Neighbour(5, IPAddress.Parse("192.0.2.9"), MacAddress.Parse("02:00:00:00:00:09"), NeighbourState.Permanent),
        RouteMessages.Neighbour(s_neighbour));

    [Fact]
    public void The_forwarding_table_of_a_bridge_is_no_neighbour() => Assert.Null(RouteMessages.Neighbour([7, .. s_neighbour[1..]]));

    [Fact]
    public void A_link_in_the_family_of_bridges_is_no_link() => Assert.Null(RouteMessages.Link([7, .. new byte[15]]));

    [Fact]
    public void Whatever_is_cut_off_is_read_as_far_as_it_goes_or_not_at_all()
    {
        for (var size = 0; size < s_neighbour.Length; size++)
        {
            var neighbour = RouteMessages.Neighbour(s_neighbour.AsSpan(0, size));
            Assert.Equal(size >= 20, neighbour is not null);
            Assert.Equal(size >= 30, neighbour?.Mac is not null);
        }
    }

    [Fact]
    public void No_octets_make_a_reader_fail() => Gen.Byte.Array[0, 100].Sample(octets =>
    {
        _ = (RouteMessages.Link(octets), RouteMessages.Neighbour(octets), RouteMessages.InterfaceAddress(octets), RouteMessages.Route(octets));
        octets = [2, 32, .. octets];
        _ = (RouteMessages.Link([0, .. octets]), RouteMessages.Neighbour(octets), RouteMessages.InterfaceAddress(octets), RouteMessages.Route(octets));
        var messages = new NetlinkMessages(octets);
        var count = 0;
        while (messages.MoveNext())
        {
            count++;
        }

        return count <= octets.Length / NetlinkMessages.HeaderSize;
    });

    [Fact]
    public void Messages_of_one_datagram_are_read_in_order_up_to_the_first_that_does_not_fit()
    {
        byte[] first = [17, 0, 0, 0, 28, 0, 2, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0, 0, 0];
        byte[] second = [16, 0, 0, 0, 29, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0];
        byte[] broken = [40, 0, 0, 0, 29, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0];
        var messages = new NetlinkMessages([.. first, .. second, .. broken]);
        Assert.True(messages.MoveNext());
        Assert.Equal((28, 2, 7u, 1), (messages.Type, messages.Flags, messages.Sequence, messages.Body.Length));
        Assert.True(messages.MoveNext());
        Assert.Equal((29, 8u, 0), (messages.Type, messages.Sequence, messages.Body.Length));
        Assert.False(messages.MoveNext());
    }
}
