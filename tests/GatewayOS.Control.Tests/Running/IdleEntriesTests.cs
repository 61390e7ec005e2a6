using GatewayOS.Control.Running;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Control.Tests.Running;

public sealed class IdleEntriesTests
{
    private readonly IdleEntries _idle = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_reported_is_told_once_until_it_is_taken()
    {
        _idle.Report([Key(1), Key(2)]);
        _idle.Report([Key(2), Key(3)]);
        await using var batches = _idle.FollowAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([Key(1), Key(2), Key(3)], batches.Current.OrderBy(key => key.ToString(), StringComparer.Ordinal));
        _idle.Report([Key(1)]);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([Key(1)], batches.Current);
    }

    [Fact]
    public async Task A_reader_waits_for_a_report()
    {
        await using var batches = _idle.FollowAsync(Token).GetAsyncEnumerator(Token);
        var next = batches.MoveNextAsync().AsTask();
        _idle.Report([]);
        Assert.False(next.IsCompleted);
        _idle.Report([Key(9)]);
        Assert.True(await next);
        Assert.Equal([Key(9)], batches.Current);
    }

    private static EntryKey Key(uint index) => new(TableNames.ConnectionEdit, [new FieldMatch.Exact(KeyNames.Index, index)], 0);
}
