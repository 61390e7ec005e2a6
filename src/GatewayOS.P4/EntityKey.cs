namespace GatewayOS.P4;

/// <summary>The identity of a <see cref="PipelineEntity"/>.</summary>
public abstract record EntityKey
{
    private protected EntityKey()
    {
    }
}
