namespace GatewayOS.System.Tests.Stateful;

/// <summary>A frame that came to an end.</summary>
internal sealed record Arrival(string Node, byte[] Frame)
{
    /// <summary>Equal for frames that are the same octet for octet at the same end.</summary>
    public string Key => $"{Node} {Convert.ToHexStringLower(Frame)}";

    public override string ToString() => $"{Node} gets {Packet.Read(Frame)} ({Convert.ToHexStringLower(Frame)})";
}
