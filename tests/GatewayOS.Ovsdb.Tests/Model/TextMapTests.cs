using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Ovsdb.Tests.Model;

public sealed class TextMapTests
{
    [Fact]
    public void Maps_compare_by_content_whatever_the_order_they_were_made_in()
    {
        var (left, right) = (TextMap.Of(("a", "1"), ("b", "2")), TextMap.Of(("b", "2"), ("a", "1")));
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, TextMap.Of(("a", "1"), ("b", "3")));
        Assert.NotEqual(left, TextMap.Of(("a", "1")));
    }

    [Fact]
    public void A_key_is_found_or_null()
    {
        var map = TextMap.Of(("name", "lr0"), ("always-redirect", "true"));
        Assert.Equal("lr0", map.Find("name"));
        Assert.Null(map.Find("Name"));
        Assert.Throws<KeyNotFoundException>(() => map["nothing"]);
        Assert.Equal("{always-redirect=true, name=lr0}", map.ToString());
    }

    [Fact]
    public void A_key_given_twice_is_refused() => Assert.Throws<ArgumentException>(() => TextMap.Of(("a", "1"), ("a", "2")));
}
