using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>The client against Debian's ovsdb-server.</summary>
public sealed class OvsdbClientTests
{
    private static readonly ConnectionOptions s_quick = new()
    {
        MinimumBackOff = TimeSpan.FromMilliseconds(20),
        MaximumBackOff = TimeSpan.FromMilliseconds(100),
    };

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public OvsdbClientTests() => Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");

    [Fact]
    public async Task A_row_with_columns_of_every_kind_arrives_as_it_was_written()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        Assert.Empty((await client.LoadAsync(_patience)).Notes);

        var first = await InsertAsync(client, NoteDatabase.Insert("first \"quoted\" \u00fc\n"));
        var second = await InsertAsync(client, NoteDatabase.Insert(
            "second",
            ("rank", Value.Of(7)),
            ("done", Value.Of(true)),
            ("parent", Value.Of(first)),
            ("alias", Value.Of("two")),
            ("limit", Value.Of(1L << 40)),
            ("tags", Value.OfSet(Value.Of("b"), Value.Of("a"))),
            ("sizes", Value.OfSet(Value.Of(-1), Value.Of(5))),
            ("links", Value.OfSet(Value.Of(first))),
            ("extra", Value.OfMap(TextMap.Of(("k", "v"), ("j", "w"))))));

        var notes = client.View.Database.Notes;
        Assert.Equal(new Note { Uuid = first, Body = "first \"quoted\" \u00fc\n" }, notes[first]);
        Assert.Equal(
            new Note
            {
                Uuid = second,
                Body = "second",
                Rank = 7,
                Done = true,
                Parent = first,
                Alias = "two",
                Limit = 1L << 40,
                Tags = ["a", "b"],
                Sizes = [-1, 5],
                Links = [first],
                Extra = TextMap.Of(("j", "w"), ("k", "v")),
            },
            notes[second]);
    }

    [Fact]
    public async Task Modifications_of_sets_maps_and_optional_columns_are_differences_and_lead_to_what_a_new_client_sees()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        var note = await InsertAsync(client, NoteDatabase.Insert(
            "x",
            ("alias", Value.Of("a")),
            ("tags", Value.OfSet(Value.Of("a"), Value.Of("b"), Value.Of("c"))),
            ("sizes", Value.OfSet(Value.Of(1))),
            ("extra", Value.OfMap(TextMap.Of(("keep", "1"), ("change", "1"), ("drop", "1"))))));
        await ModifyAsync(client, note,
            ("alias", Value.OfSet()),
            ("limit", Value.Of(3)),
            ("tags", Value.OfSet(Value.Of("c"), Value.Of("d"))),
            ("sizes", Value.OfSet()),
            ("links", Value.Of(note)),
            ("extra", Value.OfMap(TextMap.Of(("keep", "1"), ("change", "2"), ("add", "1")))));

        var row = client.View.Database.Notes[note];
        Assert.Equal(
            new Note
            {
                Uuid = note,
                Body = "x",
                Limit = 3,
                Tags = ["c", "d"],
                Links = [note],
                Extra = TextMap.Of(("add", "1"), ("change", "2"), ("keep", "1")),
            },
            row);
        await using var fresh = Connect(server.Remote);
        Assert.Equal(row, (await fresh.LoadAsync(_patience)).Notes[note]);
    }

    [Fact]
    public async Task A_snapshot_that_was_taken_does_not_change_and_the_difference_to_the_next_is_exact()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        var kept = await InsertAsync(client, NoteDatabase.Insert("kept"));
        var gone = await InsertAsync(client, NoteDatabase.Insert("gone"));
        var before = client.View.Database;
        await client.TransactAsync(
            [
                new Operation.Delete("Note", [Condition.IsRow(gone)]),
                new Operation.Mutate("Note", [Condition.IsRow(kept)], [new Mutation("rank", "+=", Value.Of(4))]),
                NoteDatabase.Insert("new"),
            ],
            _patience);
        var after = client.View.Database;

        Assert.Equal(["gone", "kept"], before.Notes.Select(note => note.Body).Order(StringComparer.Ordinal));
        var changes = after.Notes.ChangesSince(before.Notes);
        Assert.Equal(3, changes.Count);
        Assert.Null(changes.Single(change => change.Uuid == gone).New);
        Assert.Equal((0, 4), changes.Where(change => change.Uuid == kept).Select(change => (change.Old!.Rank, change.New!.Rank)).Single());
        Assert.Equal("new", changes.Single(change => change.Old is null).New!.Body);
    }

    [Fact]
    public async Task A_transaction_is_seen_whole_or_not_at_all()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await using var writer = Connect(server.Remote);
        await writer.LoadAsync(_patience);
        await client.LoadAsync(_patience);
        var writing = WriteAsync();
        await foreach (var view in client.ViewsAsync(_patience))
        {
            Assert.Equal(0, view.Database.Notes.Count % 5);
            if (view.Database.Notes.Count == 200)
            {
                break;
            }
        }

        await writing;

        async Task WriteAsync()
        {
            for (var i = 0; i < 40; i++)
            {
                await writer.TransactAsync([.. Enumerable.Repeat(NoteDatabase.Insert("n"), 5)], _patience);
            }
        }
    }

    [Fact]
    public async Task Failed_operations_say_which_why_and_leave_nothing()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        var result = await client.TransactAsync([NoteDatabase.Insert("a"), NoteDatabase.Insert("b", ("rank", Value.Of("high")))], _patience);
        Assert.False(result.Committed);
        Assert.NotNull(result.Error);
        Assert.Null(result.Operations[0].Error);
        Assert.NotNull(result.Operations[1].Error);
        Assert.Empty(client.View.Database.Notes);
    }

    [Fact]
    public async Task Select_wait_delete_and_named_rows_work()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        var inserted = await client.TransactAsync(
            [
                NoteDatabase.Insert("a") with { Name = "first" },
                NoteDatabase.Insert("b", ("parent", Value.OfNamedRow("first"))),
                new Operation.Comment("two notes"),
            ],
            _patience);
        Assert.True(inserted.Committed);
        Assert.Equal(inserted.Operations[0].Uuid, client.View.Database.Notes[inserted.Operations[1].Uuid!.Value].Parent);

        ImmutableArray<Condition> isA = [new Condition("body", "==", Value.Of("a"))];
        var rows = (await client.TransactAsync([new Operation.Select("Note", isA, ["body", "rank"])], _patience)).Operations[0].Rows;
        Assert.Equal("""[{"body":"a","rank":0}]""", rows?.GetRawText());

        var refused = await client.TransactAsync(
            [
                new Operation.Wait("Note", isA, ["rank"], "==", [ImmutableDictionary<string, Value>.Empty.Add("rank", Value.Of(1))]),
                new Operation.Delete("Note", []),
            ],
            _patience);
        Assert.Contains("timed out", refused.Error, StringComparison.Ordinal);
        var deleted = await client.TransactAsync([new Operation.Delete("Note", isA)], _patience);
        Assert.Equal(1, deleted.Operations[0].Count);
        Assert.Null(Assert.Single<Note>(client.View.Database.Notes).Parent);
    }

    [Fact]
    public async Task A_killed_server_leaves_the_snapshot_and_its_return_brings_just_what_changed()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        var note = await InsertAsync(client, NoteDatabase.Insert("before"));
        await InsertAsync(client, NoteDatabase.Insert("same"));
        var before = client.View.Database;

        server.Kill();
        var lost = await client.WaitForAsync(view => !view.IsConnected, _patience);
        Assert.Same(before, lost.Database);
        Assert.Contains(server.Remote, ((ConnectionState.Disconnected)lost.State).Reason, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<OvsdbException>(() => client.TransactAsync([NoteDatabase.Insert("lost")], _patience));
        Assert.Contains(server.Remote, refused.Message, StringComparison.Ordinal);

        server.Restart();
        await using (var other = Connect(server.Remote))
        {
            await other.LoadAsync(_patience);
            await ModifyAsync(other, note, ("body", Value.Of("after")));
        }

        var back = await client.WaitForAsync(view => view.IsConnected && view.Database.Notes[note].Body == "after", _patience);
        var change = Assert.Single(back.Database.Notes.ChangesSince(before.Notes));
        Assert.Equal(("before", "after"), (change.Old!.Body, change.New!.Body));
    }

    [Fact]
    public async Task A_clustered_server_is_asked_for_what_came_after_the_last_transaction_seen()
    {
        using var server = OvsdbServer.StartCluster(NoteDatabase.Schema);
        await using var proxy = new Proxy(server.SocketPath);
        await using var client = Connect(proxy.Remote, s_quick with { LeaderOnly = true });

        // The only member needs a moment to elect itself.
        await client.WaitForAsync(view => view.IsConnected, _patience);
        var note = await InsertAsync(client, NoteDatabase.Insert(new string('x', 20_000)));
        var transaction = client.View.Transaction;
        Assert.NotEqual(Guid.Empty, transaction);

        proxy.Cut();
        await client.WaitForAsync(view => !view.IsConnected, _patience);
        proxy.Mend();
        await client.WaitForAsync(view => view.IsConnected, _patience);
        Assert.Contains($"\"{transaction}\"", proxy.SentByClient, StringComparison.Ordinal);
        Assert.InRange(proxy.SentByServerSinceCut, 1, 15_000);
        Assert.Equal(20_000, client.View.Database.Notes[note].Body.Length);
    }

    [Fact]
    public async Task Remotes_are_tried_in_turn_and_by_tcp_too()
    {
        var port = OvsdbServer.FreePort();
        using var server = OvsdbServer.Start(NoteDatabase.Schema, $"--remote=ptcp:{port}:127.0.0.1");
        await using var client = Connect($"unix:{server.Folder}/nobody,tcp:127.0.0.1:{port}");
        await client.LoadAsync(_patience);
        Assert.Equal(new ConnectionState.Connected(new Remote.Tcp("127.0.0.1", port)), client.View.State);
    }

    [Fact]
    public async Task When_no_remote_answers_the_reasons_of_all_are_given_with_what_to_look_at()
    {
        await using var client = Connect($"unix:/nowhere/a.sock,tcp:127.0.0.1:{OvsdbServer.FreePort()}");
        var failure = await Assert.ThrowsAsync<OvsdbException>(() => client.LoadAsync(_patience));
        Assert.Contains("unix:/nowhere/a.sock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("tcp:127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is an ovsdb-server listening there?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_database_is_refused_by_name()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema.Replace("\"Notes\"", "\"Other\"", StringComparison.Ordinal));
        await using var client = Connect(server.Remote);
        var failure = await Assert.ThrowsAsync<OvsdbException>(() => client.LoadAsync(_patience));
        Assert.Contains($"{server.Remote} does not serve Notes, only ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Other", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "no OVSDB message")]
    [InlineData("""{"id":1,"resu""", "stream ends within a message")]
    [InlineData("""{"id":1,"error":null,"result":{"Database":7}}""", "no OVSDB message")]
    [InlineData("""{"id":1,"error":null,"result":{"Database":{"x":{"insert":{}}}}}""", "no OVSDB message")]
    [InlineData("""{"id":1,"error":null,"result":{"Database":{"00000000-0000-0000-0000-000000000001":{"modify":{}}}}}""", "not known")]
    [InlineData("", "closed the connection")]
    public async Task What_is_no_ovsdb_stream_is_an_error_that_names_the_remote(string answer, string problem)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var remote = $"tcp:{listener.LocalEndpoint}";
        await using var client = Connect(remote);
        using (var peer = await listener.AcceptSocketAsync(_patience))
        {
            await peer.ReceiveAsync(new byte[1], _patience);
            await peer.SendAsync(Encoding.UTF8.GetBytes(answer), _patience);
            peer.Shutdown(SocketShutdown.Send);
            var failure = await Assert.ThrowsAsync<OvsdbException>(() => client.LoadAsync(_patience));
            Assert.Contains(remote, failure.Message, StringComparison.Ordinal);
            Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Consumers_that_do_not_keep_up_get_the_merged_changes()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var client = Connect(server.Remote);
        await client.LoadAsync(_patience);
        await using var views = client.ViewsAsync(_patience).GetAsyncEnumerator(_patience);
        await views.MoveNextAsync();
        var taken = views.Current.Database;
        for (var i = 0; i < 50; i++)
        {
            await InsertAsync(client, NoteDatabase.Insert("n"));
        }

        await views.MoveNextAsync();
        Assert.Equal(50, views.Current.Database.Notes.ChangesSince(taken.Notes).Count);
    }

    [Fact]
    public async Task Enumerations_end_when_the_client_is_disposed()
    {
        var client = Connect("unix:/nowhere/a.sock");
        var count = 0;
        var watching = WatchAsync();
        await client.WaitForAsync(view => view.State is ConnectionState.Disconnected, _patience);
        await client.DisposeAsync();
        await watching;
        Assert.InRange(count, 1, 2);

        async Task WatchAsync()
        {
            await foreach (var _ in client.ViewsAsync(_patience))
            {
                count++;
            }
        }
    }

    private static OvsdbClient<NoteDatabase> Connect(string remotes, ConnectionOptions? options = null) =>
        new(Remote.ParseList(remotes), NoteDatabase.Model, options ?? s_quick);

    private async Task<Guid> InsertAsync(OvsdbClient<NoteDatabase> client, Operation.Insert insert)
    {
        var result = await client.TransactAsync([insert], _patience);
        Assert.Null(result.Error);
        return result.Operations[0].Uuid!.Value;
    }

    private async Task ModifyAsync(OvsdbClient<NoteDatabase> client, Guid row, params IEnumerable<(string Column, Value Value)> columns)
    {
        var values = columns.ToImmutableDictionary(pair => pair.Column, pair => pair.Value);
        var result = await client.TransactAsync([new Operation.Update("Note", [Condition.IsRow(row)], values)], _patience);
        Assert.Null(result.Error);
    }
}
