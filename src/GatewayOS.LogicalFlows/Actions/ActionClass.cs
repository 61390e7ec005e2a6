namespace GatewayOS.LogicalFlows;

/// <summary>The hardest thing that an action may need of a compiler.</summary>
public enum ActionClass
{
    /// <summary>Steers the evaluation only; leaves no trace in the tables.</summary>
    Folds,

    /// <summary>An edit, a lookup, a replication or a verdict of the P4 pipeline.</summary>
    Pipeline,

    /// <summary>Needs the connection table: the first packet goes to OVS.</summary>
    Connection,

    /// <summary>Always done by OVS or ovn-controller: the packet is punted.</summary>
    Software,
}
