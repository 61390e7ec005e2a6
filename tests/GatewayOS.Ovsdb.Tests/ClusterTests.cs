using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>A clustered database with three servers.</summary>
public sealed class ClusterTests : IDisposable
{
    private static readonly ConnectionOptions s_quick = new()
    {
        MinimumBackOff = TimeSpan.FromMilliseconds(20),
        MaximumBackOff = TimeSpan.FromMilliseconds(100),
    };

    private readonly List<OvsdbServer> _members = [];

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token).Token;

    public ClusterTests() => Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");

    public void Dispose() => _members.ForEach(member => member.Dispose());

    [Fact]
    public async Task Who_wants_the_leader_finds_it_and_follows_the_leadership_with_the_snapshot_that_is_known()
    {
        await FormAsync();
        await using var client = Connect(s_quick with { LeaderOnly = true });
        var first = await LeaderAsync(client);
        var inserted = await client.TransactAsync([NoteDatabase.Insert("a")], _patience);
        Assert.Null(inserted.Error);
        var before = client.View.Database;

        first.Kill();
        var lost = await client.WaitForAsync(view => !view.IsConnected, _patience);
        Assert.Same(before, lost.Database);
        var second = await LeaderAsync(client);
        Assert.NotSame(first, second);
        Assert.Same(before.Notes.Single(), client.View.Database.Notes.Single());
        Assert.Null((await client.TransactAsync([NoteDatabase.Insert("b")], _patience)).Error);

        first.Restart();
        await using var late = new OvsdbClient<NoteDatabase>(Remote.ParseList(first.Remote), NoteDatabase.Model, s_quick);
        await late.WaitForAsync(view => view.IsConnected && view.Database.Notes.Count == 2, _patience);
    }

    [Fact]
    public async Task Who_does_not_takes_any_member_but_leaves_one_that_is_cut_off_from_the_others()
    {
        await FormAsync();
        await using var client = Connect(s_quick);
        await client.WaitForAsync(view => view.IsConnected, _patience);
        Assert.Null((await client.TransactAsync([NoteDatabase.Insert("a")], _patience)).Error);
        var before = client.View.Database;

        // One of three is no majority.
        var here = MemberOf(client.View);
        foreach (var member in _members.Where(member => member != here))
        {
            member.Kill();
        }

        var lost = await client.WaitForAsync(
            view => view.State is ConnectionState.Disconnected(var reason) && reason.Contains("cut off from its cluster", StringComparison.Ordinal), _patience);
        Assert.Same(before, lost.Database);
        foreach (var member in _members.Where(member => member != here))
        {
            member.Restart();
        }

        var back = await client.WaitForAsync(view => view.IsConnected, _patience);
        Assert.Same(before.Notes.Single(), back.Database.Notes.Single());
    }

    private OvsdbClient<NoteDatabase> Connect(ConnectionOptions options) =>
        new([.. _members.SelectMany(member => Remote.ParseList(member.Remote))], NoteDatabase.Model, options);

    // The first member needs a moment to elect itself, the others to join.
    private async Task FormAsync()
    {
        _members.Add(OvsdbServer.StartCluster(NoteDatabase.Schema));
        _members.Add(OvsdbServer.Join(_members[0], "Notes"));
        _members.Add(OvsdbServer.Join(_members[0], "Notes"));
        foreach (var member in _members)
        {
            await using var client = new OvsdbClient<NoteDatabase>(Remote.ParseList(member.Remote), NoteDatabase.Model, s_quick);
            await client.WaitForAsync(view => view.IsConnected, _patience);
        }
    }

    private async Task<OvsdbServer> LeaderAsync(OvsdbClient<NoteDatabase> client)
    {
        var view = await client.WaitForAsync(view => view.IsConnected, _patience);
        var member = MemberOf(view);
        Assert.Contains("Role: leader", member.Control("cluster/status", "Notes"), StringComparison.Ordinal);
        return member;
    }

    private OvsdbServer MemberOf(DatabaseView<NoteDatabase> view) =>
        _members.Single(member => Remote.ParseList(member.Remote).Contains(((ConnectionState.Connected)view.State).Remote));
}
