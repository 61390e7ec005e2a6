using System.Runtime.CompilerServices;

namespace GatewayOS.Ovsdb;

/// <summary>A value that one task replaces and any number of tasks follow, each at its own pace: who is slow sees fewer versions.</summary>
internal sealed class Latest<T>(T first)
    where T : class
{
    private volatile Version _version = new(first);

    public T Value => _version.Value;

    public void Publish(T value)
    {
        var old = _version;
        _version = new(value);
        old.Replaced.SetResult(true);
    }

    /// <summary>Ends all enumerations; nothing is published after it.</summary>
    public void Complete() => _version.Replaced.TrySetResult(false);

    public async IAsyncEnumerable<T> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool more;
        do
        {
            var version = _version;
            yield return version.Value;
            more = await version.Replaced.Task.WaitAsync(cancellationToken);
        }
        while (more);
    }

    private sealed class Version(T value)
    {
        public T Value { get; } = value;

        public TaskCompletionSource<bool> Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
