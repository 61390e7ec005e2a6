using System.Numerics;
using GatewayOS.P4Runtime.Protocol.Config;
using Google.Protobuf;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Serving;

/// <summary>The headers that the program puts in front of packets to and from the controller (<c>@controller_header</c>).</summary>
internal static class PacketHeaders
{
    /// <summary>Splits the header <c>packet_in</c> off; without one the whole packet is payload.</summary>
    public static Wire.PacketIn ToPacketIn(P4Info info, ReadOnlySpan<byte> packet)
    {
        var header = info.ControllerPacketMetadata.FirstOrDefault(header => header.Preamble.Name == "packet_in");
        var size = SizeOf(header);
        if (header is null || packet.Length < size)
        {
            return new Wire.PacketIn { Payload = ByteString.CopyFrom(packet) };
        }

        var message = new Wire.PacketIn { Payload = ByteString.CopyFrom(packet[size..]) };
        var bits = new BigInteger(packet[..size], isUnsigned: true, isBigEndian: true);
        var left = size * 8;
        foreach (var field in header.Metadata)
        {
            left -= field.Bitwidth;
            var value = bits >> left & ((BigInteger.One << field.Bitwidth) - 1);
            message.Metadata.Add(new Wire.PacketMetadata { MetadataId = field.Id, Value = Bits.Write((UInt128)value) });
        }

        return message;
    }

    /// <summary>Puts the header <c>packet_out</c> in front.</summary>
    /// <exception cref="Grpc.Core.RpcException">The metadata does not fit the header.</exception>
    public static byte[] FromPacketOut(P4Info info, Wire.PacketOut message)
    {
        var header = info.ControllerPacketMetadata.FirstOrDefault(header => header.Preamble.Name == "packet_out");
        var size = SizeOf(header);
        var bits = BigInteger.Zero;
        var width = 0;
        foreach (var field in header?.Metadata ?? [])
        {
            var given = message.Metadata.FirstOrDefault(metadata => metadata.MetadataId == field.Id)
                ?? throw Rpc.Invalid($"the packet lacks the metadata '{field.Name}'");
            bits = bits << field.Bitwidth | Bits.Read(given.Value, field.Bitwidth, $"the metadata '{field.Name}'");
            width += field.Bitwidth;
        }

        bits <<= size * 8 - width;
        var packet = new byte[size + message.Payload.Length];
        var octets = bits.ToByteArray(isUnsigned: true, isBigEndian: true);
        octets.AsSpan(Math.Max(octets.Length - size, 0)).CopyTo(packet.AsSpan(Math.Max(size - octets.Length, 0)));
        message.Payload.Span.CopyTo(packet.AsSpan(size));
        return packet;
    }

    private static int SizeOf(ControllerPacketMetadata? header) => ((header?.Metadata.Sum(field => field.Bitwidth) ?? 0) + 7) / 8;
}
