namespace GatewayOS.P4;

/// <summary>A call that groups of an action profile may choose (P4Runtime 1.5, 9.2.1).</summary>
/// <remarks>Most users want an <see cref="ActionSet"/>; a profile is used in one of the two ways, never in both.</remarks>
public sealed record ProfileMember(string Profile, uint Member, ActionCall Call) : PipelineEntity
{
    public override ProfileMemberKey Key => new(Profile, Member);
}
