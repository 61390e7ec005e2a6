using System.Buffers.Binary;
using GatewayOS.Differential.Tests.Packets;
using GatewayOS.Linux.Packets;

namespace GatewayOS.Differential.Tests.Running;

/// <summary>The far ends of the chassis' network cards.</summary>
/// <param name="sockets">Those of card 1, card 2, ...</param>
/// <param name="barrierType">The Ethernet type of frames that OVS sends back.</param>
internal sealed class FarEnds(PacketSocket[] sockets, int barrierType) : IDisposable
{
    /// <summary>OVS reads from sockets whose buffers hold few packets while it is busy.</summary>
    private const int Burst = 64;

    private const int Tries = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly PacketSocket[] _sockets = sockets;
    private readonly SocketPoller _poller = new();
    private readonly List<Output> _outputs = [];
    private uint _barrier;

    /// <summary>Sends packets, and returns everything that came out, the barriers aside.</summary>
    public IReadOnlyList<Output> Exchange(IReadOnlyList<TestPacket> packets)
    {
        _outputs.Clear();
        for (var first = 0; first < packets.Count; first += Burst)
        {
            foreach (var packet in packets.Skip(first).Take(Burst))
            {
                _sockets[packet.Port - 1].Send(packet.Octets);
            }

            Wait();
        }

        return [.. _outputs];
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    // Twice: what the first found in the queue of one card may have gone out by the other after its barrier was back.
    private void Wait()
    {
        for (var round = 0; round < 2; round++)
        {
            _barrier++;
            var pending = Enumerable.Range(0, _sockets.Length).ToHashSet();
            for (var tries = 0; pending.Count > 0; tries++)
            {
                // OVS may lose a packet when its queues are full, a barrier too.
                Assert.True(tries < Tries, $"OVS does not send the barrier back to {string.Join(" and ", pending)}");
                Collect(pending);
            }
        }
    }

    private void Collect(HashSet<int> pending)
    {
        foreach (var index in pending)
        {
            _sockets[index].Send(new OctetWriter().Mac(0x02ff_0000_0002).Mac(0x02ff_0000_0001).U16(barrierType).U32(_barrier).Octets(new byte[42]).Written);
        }

        foreach (var socket in _sockets)
        {
            socket.Flush();
        }

        var start = TimeProvider.System.GetTimestamp();
        while (pending.Count > 0 && TimeProvider.System.GetElapsedTime(start) < s_patience)
        {
            _poller.Wait(_sockets, 100);
            for (var i = 0; i < _sockets.Length; i++)
            {
                while (_sockets[i].Receive(frame => Take(i, frame, pending)) > 0)
                {
                    // Until there is no more.
                }
            }
        }
    }

    private void Take(int index, ReadOnlySpan<byte> frame, HashSet<int> pending)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != barrierType)
        {
            _outputs.Add(new Output(index + 1, frame.ToArray()));
        }
        else if (BinaryPrimitives.ReadUInt32BigEndian(frame[14..]) == _barrier)
        {
            pending.Remove(index);
        }
    }
}
