using System.ComponentModel;
using GatewayOS.Linux.Packets;

namespace GatewayOS.SoftSwitch.Ports;

/// <summary>The interfaces behind the ports, and the loop that takes packets from them through the machine.</summary>
/// <remarks>
/// An interface that is missing, goes down or goes away costs the packets meant for it and nothing else: it is reported once, looked for every
/// second, and reported again when it is back. One thread receives; any thread may send.
/// </remarks>
internal sealed partial class PortSet(IReadOnlyDictionary<int, string> interfaces, TimeProvider time, ILogger<PortSet> logger) : IDisposable
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromSeconds(1);

    private readonly Port?[] _ports = new Port?[512];
    private readonly Lock _sending = new();
    private volatile bool _stopped;

    /// <summary>Opens what can be opened now.</summary>
    public void Open()
    {
        foreach (var (number, name) in interfaces)
        {
            _ports[number] = new Port(number, name);
        }

        Retry();
    }

    /// <summary>Receives until stopped; <paramref name="process"/> takes each packet through the machine.</summary>
    /// <param name="process">Takes the port and the packet.</param>
    public void Run(PacketProcessor process)
    {
        var ports = _ports.OfType<Port>().ToArray();
        var sockets = new PacketSocket?[ports.Length];
        var poller = new SocketPoller();
        var lastRetry = time.GetTimestamp();
        while (!_stopped)
        {
            for (var i = 0; i < ports.Length; i++)
            {
                sockets[i] = ports[i].Socket;
            }

            if (poller.Wait(sockets, 100))
            {
                for (var i = 0; i < ports.Length; i++)
                {
                    if (sockets[i] is { } socket && poller.IsReady(i))
                    {
                        Receive(ports[i], socket, process);
                    }
                }

                Flush();
            }

            if (time.GetElapsedTime(lastRetry) >= s_retryInterval)
            {
                lastRetry = time.GetTimestamp();
                Retry();
            }
        }
    }

    /// <summary>Queues a packet for an interface; the loop, or <see cref="Flush"/>, sends it.</summary>
    public void Send(int number, ReadOnlySpan<byte> packet)
    {
        // A port without an interface loses its packets, as a switch port without a cable does.
        if ((uint)number < (uint)_ports.Length && _ports[number] is { Socket: { } socket } port)
        {
            lock (_sending)
            {
                try
                {
                    socket.Send(packet);
                    port.HasQueue = true;
                }
                catch (InterfaceDownException exception)
                {
                    Lose(port, exception);
                }
            }
        }
    }

    public void Flush()
    {
        lock (_sending)
        {
            foreach (var port in _ports)
            {
                if (port is { HasQueue: true })
                {
                    port.HasQueue = false;
                    try
                    {
                        port.Socket?.Flush();
                    }
                    catch (InterfaceDownException exception)
                    {
                        Lose(port, exception);
                    }
                }
            }
        }
    }

    public void Stop() => _stopped = true;

    public void Dispose()
    {
        foreach (var port in _ports)
        {
            port?.Socket?.Dispose();
        }
    }

    private void Receive(Port port, PacketSocket socket, PacketProcessor process)
    {
        try
        {
            socket.Receive(frame => process(port.Number, frame));
        }
        catch (InterfaceDownException exception)
        {
            Lose(port, exception);
        }
    }

    private void Lose(Port port, InterfaceDownException exception)
    {
        if (!port.IsLost)
        {
            port.IsLost = true;
            LogLost(logger, port.Number, port.Name, exception.Message);
        }
    }

    /// <summary>Looks after ports whose interface is lost: a new interface of the same name gets a new socket.</summary>
    private void Retry()
    {
        foreach (var port in _ports.OfType<Port>())
        {
            lock (_sending)
            {
                if (port.Socket is { } socket && socket.Index != PacketSocket.FindIndex(port.Name))
                {
                    Lose(port, new InterfaceDownException(port.Name, $"{port.Name} is gone"));
                    port.Socket = null;
                    socket.Dispose();
                }

                if (port.Socket is null)
                {
                    TryOpen(port);
                }
                else if (port.IsLost && port.Socket.IsUp())
                {
                    port.IsLost = false;
                    LogBack(logger, port.Number, port.Name);
                }
            }
        }
    }

    private void TryOpen(Port port)
    {
        try
        {
            port.Socket = PacketSocket.Open(port.Name);
            port.IsLost = false;
            LogBack(logger, port.Number, port.Name);
        }
        catch (Win32Exception exception)
        {
            Lose(port, new InterfaceDownException(port.Name, exception.Message));
        }
    }

    private sealed class Port(int number, string name)
    {
        public int Number => number;

        public string Name => name;

        public PacketSocket? Socket { get; set; }

        public bool IsLost { get; set; }

        public bool HasQueue { get; set; }
    }
}
