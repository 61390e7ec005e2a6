using GatewayOS.Agent;
using GatewayOS.Control.Ports;
using GatewayOS.Fuzz.Tests.Engine;
using GatewayOS.Ovsdb;

namespace GatewayOS.Fuzz.Tests.Targets;

/// <summary>Files that people write.</summary>
internal static class FileTargets
{
    private const long BytesPerOctet = 20_000;

    private static readonly string[] s_json =
    [
        "{", "}", "[", "]", "\"", ":", ",", "null", "true", "\"ports\":", "\"name\":", "\"device\":", "\"kind\":", "\"physical\"", "\"vif\"", "\"network\":", "\"ifaceId\":", "\"mtu\":",
        "\"tunnel\":", "\"localIp\":", "\"mac\":", "\"neighbors\":", "\"172.31.0.2\"", "\"02:00:00:31:00:02\"", "[[[[", "{\"a\":",
    ];

    private static readonly string[] s_toml =
    [
        "[", "]", "[[", "]]", "=", "\"", "'''", "{", "}", "\n", "#", ".", "[[port]]\n", "[device]\n", "[ovs]\n", "[control]\n", "[log]\n", "address = ", "device = ", "exception = ", "remote = ",
        "socket = ", "level = ", "\"unix:/a\"", "\"tcp:1.2.3.4:1\"", "\"ssl:[::1]:1\"", "1979-05-27T07:32:00Z", "[[[[",
    ];

    public static FuzzTarget Ports { get; } = new("ports-file", Samples.Parts("ports.txt"), s_json, input => ReadPorts(Words.Text(input)), BytesPerOctet);

    public static FuzzTarget Configuration { get; } = new("configuration", Samples.Parts("configuration.txt"), s_toml, input => ReadConfiguration(Words.Text(input)), BytesPerOctet);

    public static FuzzTarget Remotes { get; } = new(
        "remotes",
        ["unix:/run/ovn/ovnsb_db.sock", "tcp:127.0.0.1:6642,tcp:[::1]:6642", "ssl:ovn.example.net:6642"],
        ["unix:", "tcp:", "ssl:", ":", ",", "[", "]", "::1", "1.2.3.4", "%", "@", "/"],
        input => ReadRemotes(Words.Text(input)),
        BytesPerOctet);

    private static string ReadPorts(string text)
    {
        try
        {
            return Words.Taken("ports", PortsFileReader.Read(text).View.Ports.Count);
        }
        catch (FormatException refusal)
        {
            return Words.Refused(refusal.Message);
        }
    }

    private static string ReadConfiguration(string text)
    {
        try
        {
            return Words.Taken("pairs", ConfigurationReader.Read(text, "/").Control.Pairs.Count);
        }
        catch (ConfigurationException refusal)
        {
            return Words.Refused(refusal.Message);
        }
    }

    private static string ReadRemotes(string text)
    {
        try
        {
            return Words.Taken("remotes", Remote.ParseList(text).Length);
        }
        catch (FormatException refusal)
        {
            return Words.Refused(refusal.Message);
        }
    }
}
