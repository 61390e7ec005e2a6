using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Packets;

/// <summary>Waits until one of several sockets has frames, see poll(2).</summary>
public sealed partial class SocketPoller
{
    private PollEntry[] _entries = [];

    /// <param name="sockets">The sockets; null entries are skipped.</param>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>Whether any may have frames, or an error to report.</returns>
    public bool Wait(IReadOnlyList<PacketSocket?> sockets, int milliseconds)
    {
        if (_entries.Length != sockets.Count)
        {
            _entries = new PollEntry[sockets.Count];
        }

        for (var i = 0; i < sockets.Count; i++)
        {
            // poll ignores negative descriptors; 1 is POLLIN.
            _entries[i] = new PollEntry { Descriptor = sockets[i]?.Descriptor ?? -1, Events = 1 };
        }

        return Poll(_entries, (nuint)_entries.Length, milliseconds) > 0;
    }

    /// <summary>Whether the socket at this place was ready.</summary>
    public bool IsReady(int index) => _entries[index].Returned != 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] PollEntry[] entries, nuint count, int milliseconds);
}
