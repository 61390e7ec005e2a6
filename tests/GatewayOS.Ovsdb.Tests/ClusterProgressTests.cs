using Xunit;

namespace GatewayOS.Ovsdb.Tests;

public sealed class ClusterProgressTests
{
    private static readonly Guid s_cluster = Guid.NewGuid();

    [Fact]
    public void A_member_that_is_behind_what_was_seen_is_refused_until_it_has_caught_up()
    {
        var progress = new ClusterProgress();
        Assert.Null(progress.Objection(Member(s_cluster, 7)));
        Assert.Contains("as of entry 6 ", progress.Objection(Member(s_cluster, 6)), StringComparison.Ordinal);
        Assert.Null(progress.Objection(Member(s_cluster, 7)));
        Assert.Null(progress.Objection(Member(s_cluster, 9)));
        Assert.NotNull(progress.Objection(Member(s_cluster, 8)));
    }

    [Fact]
    public void A_new_cluster_counts_anew_and_a_server_alone_does_not_count()
    {
        var progress = new ClusterProgress();
        Assert.Null(progress.Objection(Member(s_cluster, 7)));
        Assert.Null(progress.Objection(Member(Guid.NewGuid(), 1)));
        Assert.Null(progress.Objection(Member(null, null)));
    }

    private static ServedDatabase Member(Guid? cluster, long? index) => new() { Name = "Notes", Cluster = cluster, Index = index };
}
