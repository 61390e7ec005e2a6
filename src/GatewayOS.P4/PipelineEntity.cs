namespace GatewayOS.P4;

/// <summary>Something the control plane can insert, modify and delete on a device.</summary>
public abstract record PipelineEntity
{
    private protected PipelineEntity()
    {
    }

    /// <summary>Two entities with equal keys cannot be on a device at the same time; a modification keeps the key.</summary>
    public abstract EntityKey Key { get; }
}
