using Google.Protobuf;
using Grpc.Core;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>Values of bit&lt;W&gt; on the wire (P4Runtime 1.5, 8.4): read in any length, written in the shortest.</summary>
internal static class Bits
{
    /// <exception cref="RpcException">INVALID_ARGUMENT: no octets; OUT_OF_RANGE: more bits than the field has.</exception>
    public static UInt128 Read(ByteString octets, int width, string what)
    {
        if (octets.IsEmpty)
        {
            throw Rpc.Invalid($"{what}: a value without octets");
        }

        UInt128 value = 0;
        foreach (var octet in octets.Span)
        {
            if (value >> 120 != 0)
            {
                throw Rpc.Fault(StatusCode.OutOfRange, $"{what}: the value has more than {width} bits");
            }

            value = value << 8 | octet;
        }

        return width >= 128 || value >> width == 0
            ? value
            : throw Rpc.Fault(StatusCode.OutOfRange, $"{what}: the value has more than {width} bits");
    }

    public static ByteString Write(UInt128 value)
    {
        Span<byte> octets = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(octets, value);
        var first = octets.IndexOfAnyExcept((byte)0);
        return ByteString.CopyFrom(octets[(first < 0 ? 15 : first)..]);
    }
}
