using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>A group of an action selector (P4Runtime 1.5, 9.2.2).</summary>
/// <param name="Profile">One of <see cref="ProfileNames"/>.</param>
/// <param name="Group">Unique in the profile.</param>
/// <param name="MaxSize">The largest sum of weights it will ever have; 0 takes the profile's own limit. It cannot be modified.</param>
/// <param name="Members">In ascending order.</param>
public sealed record ProfileGroup(string Profile, uint Group, int MaxSize, EquatableArray<GroupMember> Members) : PipelineEntity
{
    public override ProfileGroupKey Key => new(Profile, Group);
}
