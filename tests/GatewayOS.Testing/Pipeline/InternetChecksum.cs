using System.Buffers.Binary;

namespace GatewayOS.Testing.Pipeline;

/// <summary>RFC 1071, the plain way, so that tests compare incremental updates with something that knows nothing of them.</summary>
public static class InternetChecksum
{
    public static ushort Compute(params ReadOnlySpan<byte[]> parts)
    {
        var sum = 0u;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i += 2)
            {
                sum += (uint)(part[i] << 8 | (i + 1 < part.Length ? part[i + 1] : 0));
            }
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    internal static byte[] Big16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
