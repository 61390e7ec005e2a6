using GatewayOS.Linux.Packets;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>Frames through the process and the kernel, on the gateway's program with empty tables: a wire between 1 and 257.</summary>
public sealed class PacketIoTests
{
    private static readonly string s_gateway = Path.Combine(AppContext.BaseDirectory, "programs", "gateway.bmv2.json");

    /// <summary>Sends again and again until the frame comes out, since interfaces take their time to come up.</summary>
    private static void AssertPasses(PacketSocket from, PacketSocket to, string octets)
    {
        var frame = Convert.FromHexString(octets.Replace(" ", "", StringComparison.Ordinal));
        var found = false;
        var poller = new SocketPoller();
        var start = TimeProvider.System.GetTimestamp();
        while (!found && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            from.Send(frame);
            from.Flush();
            while (!found && poller.Wait([to], 500))
            {
                // The kernel's own frames (router solicitations) pass as well.
                to.Receive(received => found |= received.SequenceEqual(frame));
            }
        }

        Assert.True(found, $"{octets} did not come out unchanged");
    }

    [Fact]
    public async Task Frames_pass_in_both_directions_with_their_VLAN_tags()
    {
        Assert.SkipUnless(SwitchInNamespace.IsPossible, "network namespaces need root and iproute2");
        await using var device = await SwitchInNamespace.StartAsync(s_gateway);
        using var front = device.OpenPeer(0);
        using var back = device.OpenPeer(1);

        foreach (var frame in new[]
        {
            "020000000002 020000000001 8100 2005 0800 4500001c000040004011 0000 0a000001 0a000102 03e8 07d0 0008 0000",
            "020000000002 020000000001 88a8 0064 8100 0005 9999 0102030405060708",
            "020000000002 020000000001 88cc 0102030405060708090a0b0c0d0e0f",
        })
        {
            AssertPasses(front, back, frame);
            AssertPasses(back, front, frame);
        }
    }

    [Fact]
    public async Task An_interface_that_disappears_is_reported_and_taken_up_again_when_it_is_back()
    {
        Assert.SkipUnless(SwitchInNamespace.IsPossible, "network namespaces need root and iproute2");
        await using var device = await SwitchInNamespace.StartAsync(s_gateway);
        using var front = device.OpenPeer(0);

        await device.DeleteAsync("a1");
        await device.WaitForLogAsync("port 257: a1 is not usable");
        await device.AddPairAsync(1);
        await device.WaitForLogAsync("port 257: a1 is in use");

        using var back = device.OpenPeer(1);
        AssertPasses(front, back, "020000000002 020000000001 88cc 0102030405060708090a0b0c0d0e0f");
    }
}
