using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A checksum field that is verified after parsing or updated before deparsing, on a condition.</summary>
internal sealed class Checksum(FieldLayout target, Calculation calculation, Lazily<PacketTest>? condition)
{
    /// <summary>True also when there is nothing to check: the header is not valid or the condition does not hold.</summary>
    public bool IsCorrect(PacketState state) =>
        (target.ValidityLimb >= 0 && state.Fields[target.ValidityLimb] == 0)
        || !Applies(state)
        || calculation.Compute(state) == state.Fields[target.Limb];

    public void Update(PacketState state)
    {
        if (Applies(state))
        {
            state.Fields[target.Limb] = calculation.Compute(state) & Expressions.NodeCompiler.Mask(target.Width);
        }
    }

    private bool Applies(PacketState state) => condition is null || condition.Code(state);
}
