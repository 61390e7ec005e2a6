using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>A group of copies of a packet (P4Runtime 1.5, 9.5). <c>output</c>'s action <c>group</c> refers to it.</summary>
/// <param name="Group">1 to 65535.</param>
/// <param name="Replicas">In ascending order, no duplicates.</param>
public sealed record MulticastGroup(uint Group, EquatableArray<Replica> Replicas) : PipelineEntity
{
    public override MulticastGroupKey Key => new(Group);
}
