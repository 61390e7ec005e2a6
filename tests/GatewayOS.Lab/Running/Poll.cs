namespace GatewayOS.Lab.Running;

/// <summary>Waits for what nobody announces.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="LabException">It did not become so in time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, TimeSpan patience, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                throw new LabException($"Waited {patience.TotalSeconds} s in vain for {what}.");
            }

            await Task.Delay(s_pause, TimeProvider.System, token);
        }
    }
}
