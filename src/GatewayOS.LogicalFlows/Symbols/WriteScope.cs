namespace GatewayOS.LogicalFlows;

/// <summary>Where an action may write a field.</summary>
[Flags]
public enum WriteScope
{
    /// <summary>Read only, such as <c>ct_state</c> or <c>eth.type</c>.</summary>
    None = 0,

    /// <summary>Everywhere but inside <c>ct_commit { ... }</c>.</summary>
    Ordinary = 1,

    /// <summary>Only inside <c>ct_commit { ... }</c>: <c>ct_mark</c>, <c>ct_label</c> and their parts.</summary>
    CtCommit = 2,
}
