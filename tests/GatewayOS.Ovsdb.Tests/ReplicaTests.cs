using Xunit;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>The client against servers that behave as no ovsdb-server of today does.</summary>
public sealed class ReplicaTests
{
    private const string Row = "00000000-0000-0000-0000-00000000000a";
    private const string Schema = """{"name":"Notes","tables":{"Note":{"columns":{"body":{"type":"string"},"rank":{"type":"integer"}}}}}""";

    private static readonly ConnectionOptions s_quick = new()
    {
        MinimumBackOff = TimeSpan.FromMilliseconds(20),
        MaximumBackOff = TimeSpan.FromMilliseconds(20),
    };

    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    [Fact]
    public async Task An_old_server_without_server_database_and_monitor_cond_since_is_followed_by_monitor_cond()
    {
        await using var server = new ScriptedServer((method, id) => method switch
        {
            "get_schema" => Reply(id, Schema),
            "monitor_cond" when id == "1" => Fail(id, "\"unknown database\""),
            "monitor_cond_since" => Fail(id, "\"unknown method\""),
            "monitor_cond" => Reply(id, $$"""{"Note":{"{{Row}}":{"initial":{"body":"a"} } } }""")
                + $$"""{"id":null,"method":"update2","params":["replica",{"Note":{"{{Row}}":{"modify":{"rank":5} } } }]}""",
            _ => Fail(id, "\"unknown method\""),
        });
        await using var client = Connect(server);
        var view = await client.WaitForAsync(view => view.Database.Notes.Any(note => note.Rank == 5), _patience);
        Assert.Equal("a", Assert.Single<Note>(view.Database.Notes).Body);
        Assert.True(view.IsConnected);
    }

    [Theory]
    [InlineData("""["replica","00000000-0000-0000-0000-000000000001",{"Note":{"00000000-0000-0000-0000-00000000000b":{"modify":{"rank":1}}}}]""")]
    [InlineData("""["replica","00000000-0000-0000-0000-000000000001",{"Note":{"00000000-0000-0000-0000-00000000000a":{"modify":{"rank":"high"}}}}]""")]
    [InlineData("""["replica","00000000-0000-0000-0000-000000000001",{"Note":{"00000000-0000-0000-0000-00000000000a":{"modify":{"rank":99999999999}}}}]""")]
    [InlineData("""["replica","00000000-0000-0000-0000-000000000001",{"Note":[]}]""")]
    [InlineData("""["replica","00000000-0000-0000-0000-000000000001",{"Note":{"00000000-0000-0000-0000-00000000000a":{"modify":{"rank":}}}}]""")]
    [InlineData("""["replica",7,{}]""")]
    [InlineData("""[]""")]
    [InlineData("""7""")]
    public async Task An_update_that_cannot_be_right_keeps_the_snapshot_and_fetches_everything_anew(string update)
    {
        var connections = 0;
        await using var server = new ScriptedServer((method, id) => method switch
        {
            "get_schema" => Reply(id, Schema),
            "monitor_cond_since" => Reply(id, $$"""[false,"00000000-0000-0000-0000-000000000001",{"Note":{"{{Row}}":{"initial":{"body":"a","rank":{{connections}}} } } }]""")
                + (connections++ == 0 ? $$"""{"id":null,"method":"update3","params":{{update}}}""" : ""),
            _ => Fail(id, "\"unknown database\""),
        });
        await using var client = Connect(server);
        var reasons = new List<string>();
        await foreach (var view in client.ViewsAsync(_patience))
        {
            if (view.State is ConnectionState.Disconnected(var reason))
            {
                Assert.Equal((0, "a"), view.Database.Notes.Select(note => (note.Rank, note.Body)).Single());
                reasons.Add(reason);
            }
            else if (view.Database.Notes.Any(note => note.Rank == 1))
            {
                break;
            }
        }

        Assert.All(reasons, reason => Assert.Contains(server.Remote, reason, StringComparison.Ordinal));
        Assert.Equal(2, connections);
    }

    private static OvsdbClient<NoteDatabase> Connect(ScriptedServer server) => new(Remote.ParseList(server.Remote), NoteDatabase.Model, s_quick);

    private static string Reply(string id, string result) => $$"""{"id":{{id}},"error":null,"result":{{result}}}""";

    private static string Fail(string id, string error) => $$"""{"id":{{id}},"error":{{error}}}""";
}
