using GatewayOS.Bmv2;
using GatewayOS.SoftSwitch.Ports;
using GatewayOS.SoftSwitch.Serving;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch;

/// <summary>The switch: ports, the program that runs, and the controllers it speaks to.</summary>
internal sealed class SwitchDevice(SwitchOptions options, PortSet ports, Arbitration arbitration, TimeProvider time) : IPacketSink
{
    private volatile Serving.Pipeline? _pipeline;
    private ulong _digestLists;

    /// <summary>What runs now, or null.</summary>
    public Serving.Pipeline? Pipeline => _pipeline;

    /// <summary>Makes a pipeline without running it.</summary>
    /// <exception cref="ProgramFormatException">The program cannot run here.</exception>
    public Serving.Pipeline Prepare(Wire.ForwardingPipelineConfig config) =>
        new(config, new SwitchMachine(SwitchProgram.Load(config.P4DeviceConfig.Memory), time));

    /// <summary>Runs a pipeline from the next packet on; tables start empty.</summary>
    public void Commit(Serving.Pipeline pipeline) => _pipeline = pipeline;

    /// <summary>Takes a packet from a port; without a program it is lost.</summary>
    public void Receive(int port, ReadOnlySpan<byte> packet) => _pipeline?.Machine.Process(port, packet, this);

    /// <summary>Takes a packet from the controller and sends what comes of it.</summary>
    public void Inject(ReadOnlySpan<byte> packet)
    {
        Receive(options.CpuPort, packet);
        ports.Flush();
    }

    public bool HasCpuPort => options.CpuPort != 0;

    public void Send(int port, ReadOnlySpan<byte> packet)
    {
        if (port != options.CpuPort || options.CpuPort == 0)
        {
            ports.Send(port, packet);
        }
        else if (_pipeline is { } pipeline)
        {
            arbitration.SendToPrimaries(new Wire.StreamMessageResponse { Packet = PacketHeaders.ToPacketIn(pipeline.Codec.Info, packet) });
        }
    }

    public void Digest(string digest, IReadOnlyList<UInt128> values)
    {
        if (_pipeline is not { } pipeline
            || pipeline.Codec.Info.Digests.FirstOrDefault(candidate => candidate.Preamble.Name == digest) is not { Preamble.Id: var id }
            || !pipeline.Digests.ContainsKey(id))
        {
            return;
        }

        var data = new Wire.P4StructLike();
        data.Members.AddRange(values.Select(value => new Wire.P4Data { Bitstring = Bits.Write(value) }));
        arbitration.SendToPrimaries(new Wire.StreamMessageResponse
        {
            Digest = new Wire.DigestList
            {
                DigestId = id,
                ListId = Interlocked.Increment(ref _digestLists),
                Data = { new Wire.P4Data { Struct = data } },
                Timestamp = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100,
            },
        });
    }

    /// <summary>Tells the primary which entries have become idle.</summary>
    public void ReportIdle()
    {
        if (_pipeline is { } pipeline && pipeline.Machine.CollectIdle() is { Count: > 0 } idle)
        {
            var notification = new Wire.IdleTimeoutNotification { Timestamp = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 };
            notification.TableEntry.AddRange(idle.Select(pipeline.Codec.WriteEntry));
            arbitration.SendToPrimaries(new Wire.StreamMessageResponse { IdleTimeoutNotification = notification });
        }
    }
}
