using System.Globalization;
using GatewayOS.Compiler;
using GatewayOS.Ovn;

namespace GatewayOS.Explain.Packets;

/// <summary>The packet that a user asks about: octets and a front port, or a description.</summary>
public sealed record PacketRequest
{
    private PacketRequest()
    {
    }

    public int? Port { get; private init; }

    public byte[]? Octets { get; private init; }

    public string? Flow { get; private init; }

    /// <param name="inPort">The name or the number of a front port.</param>
    /// <param name="packet">Octets, hexadecimal; or</param>
    /// <param name="flow">a description.</param>
    /// <param name="device">Has the ports.</param>
    /// <exception cref="ExplainException">Neither or both are given, or the port or the octets are wrong.</exception>
    public static PacketRequest Read(string? inPort, string? packet, string? flow, DeviceView device)
    {
        if (packet is null == flow is null)
        {
            throw new ExplainException("give the packet either as octets (--packet HEX) or in words (--flow TEXT)");
        }

        if (packet is not null && inPort is null)
        {
            throw new ExplainException($"octets come in by a port: add --in-port, one of {Names(device)}");
        }

        return new PacketRequest { Port = inPort is null ? null : PortOf(inPort, device), Octets = packet is null ? null : Parse(packet), Flow = flow };
    }

    /// <exception cref="ExplainException">The description cannot be made a packet.</exception>
    public MadePacket Make(Southbound southbound, string chassis, DeviceView device) =>
        Octets is { } octets ? new MadePacket(Port!.Value, octets, []) : new PacketMaker(southbound, chassis, device).Make(Flow!, Port);

    private static int PortOf(string text, DeviceView device) =>
        device.Ports.FirstOrDefault(port => port.Name == text)?.Number
        ?? (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && device.Ports.Any(port => port.Number == number) ? number : (int?)null)
        ?? throw new ExplainException($"there is no port '{text}'; name one of {Names(device)}");

    // As tools print octets: with blanks, colons or 0x.
    private static byte[] Parse(string text)
    {
        var digits = string.Concat(text.Split([' ', ':', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        try
        {
            return Convert.FromHexString(digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits);
        }
        catch (FormatException)
        {
            throw new ExplainException("the packet is not hexadecimal: write two digits, 0 to f, for each octet");
        }
    }

    private static string Names(DeviceView device) => string.Join(", ", device.Ports.Select(port => port.Name));
}
