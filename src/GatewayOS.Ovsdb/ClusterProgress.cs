namespace GatewayOS.Ovsdb;

/// <summary>How far its cluster was when a client last looked: a member that is behind, as after a restart, would take the client back in time.</summary>
internal sealed class ClusterProgress
{
    private Guid _cluster;
    private long _index;

    /// <summary>Why a server is not to be followed now, as the end of a sentence; null if it is up to date.</summary>
    public string? Objection(ServedDatabase served)
    {
        if (served is not { Cluster: { } cluster, Index: { } index })
        {
            return null;
        }

        if (cluster == _cluster && index < _index)
        {
            return $"has {served.Name} as of entry {index} of its cluster's log, after {_index} were seen elsewhere; it will catch up";
        }

        (_cluster, _index) = (cluster, index);
        return null;
    }
}
