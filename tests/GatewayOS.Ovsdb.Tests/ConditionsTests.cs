using System.Collections.Immutable;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>Fetching only some rows, against Debian's ovsdb-server.</summary>
public sealed class ConditionsTests
{
    private static readonly ConnectionOptions s_quick = new()
    {
        MinimumBackOff = TimeSpan.FromMilliseconds(20),
        MaximumBackOff = TimeSpan.FromMilliseconds(100),
    };

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public ConditionsTests() => Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");

    [Fact]
    public async Task Rows_that_meet_any_of_the_conditions_are_fetched_and_no_others()
    {
        using var server = await ServeAsync("a", "b", "c", "d");
        await using var client = Connect(server.Remote, Bodies("a", "c"));
        var database = await client.LoadAsync(_patience);
        Assert.Equal("a c", Names(database));
        Assert.Equal(Bodies("a", "c"), client.View.Conditions);
    }

    [Fact]
    public async Task A_table_with_no_condition_at_all_has_no_rows()
    {
        using var server = await ServeAsync("a");
        await using var client = Connect(server.Remote, Bodies());
        Assert.Empty((await client.LoadAsync(_patience)).Notes);
    }

    [Fact]
    public async Task With_new_conditions_rows_come_and_go_and_those_that_stay_are_the_same_objects()
    {
        using var server = await ServeAsync("a", "b", "c");
        await using var client = Connect(server.Remote, Bodies("a", "b"));
        var before = await client.LoadAsync(_patience);

        var after = await ChangeAsync(client, Bodies("b", "c"));
        Assert.Equal("b c", Names(after));
        Assert.Equal(2, after.Notes.ChangesSince(before.Notes).Count);
        Assert.Equal("a b c", Names(await ChangeAsync(client, MonitorConditions.None)));
        Assert.Equal("", Names(await ChangeAsync(client, Bodies())));
    }

    [Fact]
    public async Task A_row_that_begins_or_ceases_to_meet_them_comes_or_goes()
    {
        using var server = await ServeAsync("a", "b");
        await using var client = Connect(server.Remote, Bodies("a"));
        await using var writer = Connect(server.Remote, MonitorConditions.None);
        await writer.LoadAsync(_patience);
        await client.LoadAsync(_patience);
        await RenameAsync(writer, "b", "a");
        await client.WaitForAsync(view => view.Database.Notes.Count == 2, _patience);
        await RenameAsync(writer, "a", "x");
        await client.WaitForAsync(view => view.Database.Notes.Count == 0, _patience);
    }

    [Fact]
    public async Task Every_view_holds_exactly_the_rows_of_the_conditions_it_names_however_fast_they_change()
    {
        using var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var writer = Connect(server.Remote, MonitorConditions.None);
        await using var client = Connect(server.Remote, Bodies("0"));
        await writer.LoadAsync(_patience);
        var writing = WriteAsync();
        var changing = ChangeAsync();
        var named = new HashSet<MonitorConditions>();
        await foreach (var view in client.ViewsAsync(_patience))
        {
            if (view is { IsConnected: true, Conditions: { } conditions })
            {
                named.Add(conditions);
                var wanted = conditions.Find("Note")!.Value.Select(condition => condition.Value).ToHashSet();
                Assert.All(view.Database.Notes, note => Assert.Contains(Value.Of(note.Body), wanted));

                // A transaction writes all ten bodies: as many notes of each.
                Assert.Single(wanted.Select(value => view.Database.Notes.Count(note => Value.Of(note.Body) == value)).Distinct());
                if (view.Database.Notes.Count == 60 * wanted.Count && named.Count > 1)
                {
                    break;
                }
            }
        }

        await writing;
        await changing;

        async Task WriteAsync()
        {
            for (var i = 0; i < 60; i++)
            {
                await writer.TransactAsync([.. Enumerable.Range(0, 10).Select(body => NoteDatabase.Insert($"{body}"))], _patience);
            }
        }

        async Task ChangeAsync()
        {
            await client.LoadAsync(_patience);
            for (var i = 0; i < 60; i++)
            {
                await client.SetConditionsAsync(Bodies([.. Enumerable.Range(0, 10).Where(body => ((i >> (body & 3)) & 1) != 0 || body == i % 10).Select(body => $"{body}")]));
                await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, _patience);
            }
        }
    }

    [Fact]
    public async Task A_condition_on_a_column_that_the_schema_lacks_is_left_out_but_not_if_nothing_else_tells_the_rows_apart()
    {
        using var server = await ServeAsync("a", "b");
        var absent = new Condition("absent", "==", Value.Of("x"));
        await using var mixed = Connect(server.Remote, MonitorConditions.Of(("Note", [absent, Body("a")])));
        Assert.Equal("a", Names(await mixed.LoadAsync(_patience)));
        await using var alone = Connect(server.Remote, MonitorConditions.Of(("Note", [absent])));
        Assert.Equal("a b", Names(await alone.LoadAsync(_patience)));
    }

    [Fact]
    public async Task A_condition_that_the_server_refuses_ends_the_session_with_its_reason()
    {
        using var server = await ServeAsync("a");
        await using var client = Connect(server.Remote, Bodies("a"));
        await client.LoadAsync(_patience);
        await client.SetConditionsAsync(MonitorConditions.Of(("Note", [new Condition("rank", "~", Value.Of(1))])));
        var lost = await client.WaitForAsync(view => !view.IsConnected, _patience);
        Assert.Contains("monitor_cond_", ((ConnectionState.Disconnected)lost.State).Reason, StringComparison.Ordinal);
        await client.SetConditionsAsync(Bodies("a"));
        await client.WaitForAsync(view => view.IsConnected && Bodies("a").Equals(view.Conditions), _patience);
    }

    [Fact]
    public async Task After_a_lost_connection_the_changes_since_the_last_transaction_are_asked_for_under_the_same_conditions_and_then_new_ones()
    {
        using var server = OvsdbServer.StartCluster(NoteDatabase.Schema);
        await using var writer = Connect(server.Remote, MonitorConditions.None);
        await writer.WaitForAsync(view => view.IsConnected, _patience);
        await writer.TransactAsync([NoteDatabase.Insert("a"), NoteDatabase.Insert("b"), NoteDatabase.Insert("c")], _patience);
        await using var proxy = new Proxy(server.SocketPath);
        await using var client = Connect(proxy.Remote, Bodies("a", "b"));
        var before = await client.LoadAsync(_patience);
        var transaction = client.View.Transaction;

        proxy.Cut();
        await client.WaitForAsync(view => !view.IsConnected, _patience);
        await RenameAsync(writer, "a", "z");
        await client.SetConditionsAsync(Bodies("b", "c"));
        Assert.Equal(Bodies("a", "b"), client.View.Conditions);
        Assert.Same(before, client.View.Database);

        proxy.Mend();
        var after = await client.WaitForAsync(view => Bodies("b", "c").Equals(view.Conditions), _patience);
        Assert.Equal("b c", Names(after.Database));
        Assert.Contains($"\"{transaction}\"", proxy.SentByClient, StringComparison.Ordinal);
        Assert.Contains("monitor_cond_change", proxy.SentByClient, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_lost_while_conditions_change_is_followed_by_one_that_fetches_everything_under_the_new_ones()
    {
        const string Row = "00000000-0000-0000-0000-00000000000a", Last = "00000000-0000-0000-0000-000000000001", Never = "00000000-0000-0000-0000-000000000000";
        var requests = new List<string>();
        var connections = 0;
        await using var server = new ScriptedServer((method, id, parameters) =>
        {
            requests.Add($"{method} {parameters}");
            return method switch
            {
                "get_schema" => $$"""{"id":{{id}},"error":null,"result":{{NoteDatabase.Schema}}}""",
                "monitor_cond_since" => $$"""{"id":{{id}},"error":null,"result":[false,"{{Last}}",{"Note":{"{{Row}}":{"initial":{"body":"{{++connections}}"} } } }]}""",

                // The rows change, and the server is gone before it says so.
                "monitor_cond_change" => $$"""{"id":null,"method":"update3","params":["replica","{{Last}}",{"Note":{"{{Row}}":{"delete":null} } }]}""" + "*",
                _ => $$"""{"id":{{id}},"error":"unknown database"}""",
            };
        });
        await using var client = Connect(server.Remote, Bodies("a"));
        await client.LoadAsync(_patience);
        await client.SetConditionsAsync(Bodies("b"));
        var views = new List<DatabaseView<NoteDatabase>>();
        await foreach (var view in client.ViewsAsync(_patience))
        {
            views.Add(view);
            if (Bodies("b").Equals(view.Conditions))
            {
                break;
            }
        }

        Assert.All(views.Where(view => view.Database.Notes.Count == 0), view => Assert.Null(view.Conditions));
        Assert.Equal("2", Names(client.View.Database));
        var monitors = requests.Where(request => request.StartsWith("monitor_cond_since", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, monitors.Count);
        Assert.Contains("""[["body","==","b"]]""", monitors[1], StringComparison.Ordinal);
        Assert.Contains(Never, monitors[1], StringComparison.Ordinal);
    }

    private static OvsdbClient<NoteDatabase> Connect(string remotes, MonitorConditions conditions) =>
        new(Remote.ParseList(remotes), NoteDatabase.Model, s_quick, conditions: conditions);

    private static Condition Body(string body) => new("body", "==", Value.Of(body));

    private static MonitorConditions Bodies(params IEnumerable<string> bodies) => MonitorConditions.Of(("Note", bodies.Select(Body)));

    private static string Names(NoteDatabase database) => string.Join(' ', database.Notes.Select(note => note.Body).Order(StringComparer.Ordinal));

    private async Task<OvsdbServer> ServeAsync(params IEnumerable<string> bodies)
    {
        var server = OvsdbServer.Start(NoteDatabase.Schema);
        await using var writer = Connect(server.Remote, MonitorConditions.None);
        await writer.LoadAsync(_patience);
        await writer.TransactAsync([.. bodies.Select(body => NoteDatabase.Insert(body))], _patience);
        return server;
    }

    private async Task<NoteDatabase> ChangeAsync(OvsdbClient<NoteDatabase> client, MonitorConditions conditions)
    {
        await client.SetConditionsAsync(conditions);
        return (await client.WaitForAsync(view => conditions.Equals(view.Conditions), _patience)).Database;
    }

    private async Task RenameAsync(OvsdbClient<NoteDatabase> writer, string from, string to)
    {
        var result = await writer.TransactAsync(
            [new Operation.Update("Note", [Body(from)], ImmutableDictionary<string, Value>.Empty.Add("body", Value.Of(to)))], _patience);
        Assert.Null(result.Error);
    }
}
