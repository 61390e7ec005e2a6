using System.Runtime.InteropServices;

namespace GatewayOS.P4Runtime;

/// <summary>What became of one update of a write.</summary>
/// <param name="Status">The kind of outcome.</param>
/// <param name="Message">The server's words; empty on success.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WriteOutcome(WriteStatus Status, string Message)
{
    public static WriteOutcome Success { get; } = new(WriteStatus.Ok, "");

    public bool Succeeded => Status == WriteStatus.Ok;
}
