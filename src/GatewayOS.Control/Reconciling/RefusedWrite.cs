using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reconciling;

/// <summary>A write that the device did not execute.</summary>
public sealed record RefusedWrite(UpdateKind Kind, EntryKey Key, WriteStatus Status, string Message)
{
    public override string ToString() => $"{Kind} {Key}: {Status} {Message}".TrimEnd();
}
