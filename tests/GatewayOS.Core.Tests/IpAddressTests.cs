using System.Net;
using System.Net.Sockets;
using CsCheck;
using Xunit;

namespace GatewayOS.Core.Tests;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("FE80:0:0:0:1:0:0:1", "fe80::1:0:0:1")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("::1.2.3.4", "::1.2.3.4")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    public void Addresses_are_written_as_inet_ntop_does(string text, string expected)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData(" 1.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("fe80::1%eth0")]
    public void What_inet_pton_refuses_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void Any_address_prints_and_reads_back_as_the_platform_does() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Byte).Sample((high, low, zeros) =>
        {
            // Zero groups in all places, since they are what the text form is about.
            UInt128 value = 0;
            for (var i = 0; i < 8; i++)
            {
                value |= (zeros >> i & 1) == 0 ? new UInt128(high, low) & (UInt128)0xffff << (i * 16) : 0;
            }

            var address = IpAddress.V6(value);
            Assert.True(IpAddress.TryParse(address.ToString(), out var again));
            Assert.Equal(address, again);
            Assert.True(IPAddress.TryParse(address.ToString(), out var platform));
            Assert.Equal(AddressFamily.InterNetworkV6, platform.AddressFamily);
            Assert.Equal(value, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(platform.GetAddressBytes()));
        });
}
