using System.Collections.Concurrent;
using GatewayOS.Bmv2;
using GatewayOS.P4;
using Google.Protobuf;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>A program that runs: what the controller sent, the machine, and what P4Runtime keeps about it.</summary>
internal sealed class Pipeline(Wire.ForwardingPipelineConfig config, SwitchMachine machine)
{
    public Wire.ForwardingPipelineConfig Config => config;

    public SwitchMachine Machine => machine;

    public InfoCodec Codec { get; } = new(config.P4Info ?? new P4Runtime.Protocol.Config.P4Info());

    /// <summary>Controller's own words about an entry, given back on reads.</summary>
    public ConcurrentDictionary<EntityKey, ByteString> Metadata { get; } = new();

    /// <summary>The digests that the controller has asked for.</summary>
    public ConcurrentDictionary<uint, Wire.DigestEntry.Types.Config> Digests { get; } = new();
}
