using System.Buffers.Binary;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Faults;

/// <summary>A frame that comes in by a network card of the gateway.</summary>
internal sealed record Frame(DevicePort Port, byte[] Octets)
{
    public override string ToString() => $"{Port.Card} {Convert.ToHexStringLower(Octets)}";
}

/// <summary>Makes good frames bad: cut at every length, and with one octet after the other wrong.</summary>
/// <remarks>Each carries its number in its last octets, after a marker, so that what comes out can be told from all else; what is cut off before has none.</remarks>
internal static class FrameMutations
{
    private const int ShortestFrame = 14, HeaderOctets = 110, Step = 3;
    private const uint Marker = 0x6a77_f00d;

    public static IReadOnlyList<Frame> Of(IEnumerable<Frame> good)
    {
        var frames = new List<Frame>();
        foreach (var frame in good)
        {
            // The first as it is: it must get through.
            frames.Add(Numbered(frame.Port, frame.Octets, frames.Count));
            for (var length = ShortestFrame; length < frame.Octets.Length; length += Step)
            {
                frames.Add(Numbered(frame.Port, frame.Octets[..length], frames.Count));
            }

            // The source address of the frame aside: OVS learns from it, so that what is spoofed once goes elsewhere ever after.
            for (var place = 0; place < Math.Min(HeaderOctets, frame.Octets.Length - 8); place += place == 5 ? 7 : 1)
            {
                foreach (var wrong in new byte[] { 0, 0xff })
                {
                    byte[] octets = [.. frame.Octets];
                    octets[place] = wrong;
                    frames.Add(Numbered(frame.Port, octets, frames.Count));
                }
            }
        }

        return frames;
    }

    /// <summary>The number of a frame that carries one.</summary>
    public static int? NumberOf(ReadOnlySpan<byte> octets)
    {
        Span<byte> marker = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(marker, Marker);
        var place = octets.LastIndexOf(marker);
        return place >= 0 && place + 8 <= octets.Length ? (int)BinaryPrimitives.ReadUInt32BigEndian(octets[(place + 4)..]) : null;
    }

    /// <summary>A frame as text, without what two implementations may choose: the outer identification, UDP source port and checksums of a tunnel.</summary>
    public static string Canonical(DevicePort port, byte[] octets)
    {
        const int identification = 18, headerChecksum = 24, udpSource = 34, udpChecksum = 40;
        if (port == DevicePort.Underlay && octets.Length > udpChecksum + 2)
        {
            foreach (var place in new[] { identification, headerChecksum, udpSource, udpChecksum })
            {
                octets.AsSpan(place, 2).Clear();
            }
        }

        return $"{port.Card} {Convert.ToHexStringLower(octets)}";
    }

    private static Frame Numbered(DevicePort port, byte[] octets, int number)
    {
        if (octets.Length >= HeaderOctets)
        {
            octets = [.. octets];
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(octets.Length - 8), Marker);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(octets.Length - 4), (uint)number);
        }

        return new Frame(port, octets);
    }
}
