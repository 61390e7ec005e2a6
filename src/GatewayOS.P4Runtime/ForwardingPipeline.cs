using System.Buffers.Binary;
using Google.Protobuf;

namespace GatewayOS.P4Runtime;

/// <summary>A compiled P4 program: what a device is given, and how its objects are named.</summary>
public sealed class ForwardingPipeline
{
    /// <param name="info">The P4Info document.</param>
    /// <param name="deviceConfig">The program in the target's form; bmv2 takes its JSON.</param>
    /// <param name="cookie">Equal exactly for equal programs.</param>
    public ForwardingPipeline(P4InfoIndex info, ReadOnlySpan<byte> deviceConfig, ulong cookie)
    {
        Info = info;
        DeviceConfig = ByteString.CopyFrom(deviceConfig);
        Cookie = cookie;
    }

    public P4InfoIndex Info { get; }

    public ulong Cookie { get; }

    internal ByteString DeviceConfig { get; }

    /// <summary>Reads <c>gateway.p4info.json</c>, <c>gateway.bmv2.json</c> and <c>gateway.digest</c>, as <c>p4/build.sh</c> leaves them.</summary>
    /// <exception cref="FormatException">A file is not what its name says.</exception>
    public static ForwardingPipeline Load(string directory)
    {
        var digest = Convert.FromHexString(File.ReadAllText(Path.Combine(directory, "gateway.digest")).Trim());
        return new ForwardingPipeline(
            P4InfoIndex.Parse(File.ReadAllText(Path.Combine(directory, "gateway.p4info.json"))),
            File.ReadAllBytes(Path.Combine(directory, "gateway.bmv2.json")),
            BinaryPrimitives.ReadUInt64BigEndian(digest));
    }
}
