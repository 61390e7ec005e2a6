using System.ComponentModel;
using GatewayOS.Linux.Namespaces;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Linux.Tests;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void A_socket_stays_in_the_namespace_of_the_thread_that_opened_it()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add only-here type bridge");
        using var netlink = inside.Run(RouteNetlink.Open);
        using var outside = RouteNetlink.Open();
        Assert.Contains(netlink.Links(), link => link.Name == "only-here");
        Assert.DoesNotContain(outside.Links(), link => link.Name == "only-here");
    }

    [Fact]
    public void An_exception_inside_comes_out()
    {
        using var inside = TestNamespace.Create();
        Assert.Throws<FormatException>(() => inside.Run<int>(() => throw new FormatException()));
    }

    [Fact]
    public void A_namespace_that_does_not_exist_is_reported_with_its_path()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => NetworkNamespace.Run("/run/netns/gwt-none", () => 0));
        Assert.Contains("/run/netns/gwt-none", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_namespace_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Throws<Win32Exception>(() => NetworkNamespace.Run(file, () => 0));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
