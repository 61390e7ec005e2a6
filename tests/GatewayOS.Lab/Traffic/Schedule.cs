namespace GatewayOS.Lab.Traffic;

/// <summary>How much is sent, and when: a message goes out when the last was answered or given up.</summary>
/// <param name="Count">Most messages.</param>
/// <param name="Patience">How long an answer may take before its request counts as unanswered.</param>
/// <param name="Pause">Between an answer and the next message.</param>
/// <param name="Stop">Ends it earlier, after a whole message.</param>
internal sealed record Schedule(int Count, TimeSpan Patience, TimeSpan Pause = default, CancellationToken Stop = default)
{
    /// <summary>Whether the message of this number, from 1, is to be sent.</summary>
    public bool Allows(int number) => number <= Count && !Stop.IsCancellationRequested;
}
