namespace GatewayOS.Linux.Conntrack;

/// <summary>How many messages of the kernel were no connection to us. Any thread may read.</summary>
public sealed class RefusalCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<ConntrackRefusal>().Length];

    public long this[ConntrackRefusal refusal] => Volatile.Read(ref _counts[(int)refusal]);

    /// <returns>Whether the message was one.</returns>
    internal bool Count(ConntrackRefusal refusal)
    {
        if (refusal == ConntrackRefusal.None)
        {
            return true;
        }

        Interlocked.Increment(ref _counts[(int)refusal]);
        return false;
    }
}
