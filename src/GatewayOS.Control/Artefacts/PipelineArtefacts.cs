using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Artefacts;

/// <summary>The files of the compiled P4 program.</summary>
/// <param name="P4Info">The P4Info, JSON.</param>
/// <param name="DeviceConfig">What the device is given: for bmv2 and the software switch the bmv2 JSON.</param>
public sealed record PipelineArtefacts(string P4Info, string DeviceConfig)
{
    /// <summary>Those of the repository, as built: beside the program.</summary>
    public static PipelineArtefacts Default
    {
        get
        {
            var folder = Path.Combine(AppContext.BaseDirectory, "p4");
            return new PipelineArtefacts(Path.Combine(folder, "gateway.p4info.json"), Path.Combine(folder, "gateway.bmv2.json"));
        }
    }

    /// <exception cref="FormatException">A file is not what its name says.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ForwardingPipeline Load()
    {
        var info = File.ReadAllText(P4Info);
        var config = File.ReadAllBytes(DeviceConfig);
        return new ForwardingPipeline(P4InfoIndex.Parse(info), config, Cookie(info, config));
    }

    // Equal exactly for equal programs: the device keeps its program, and its entries, when the agent comes back with the same.
    private static ulong Cookie(string info, byte[] config)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(info));
        hash.AppendData(config);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
    }
}
