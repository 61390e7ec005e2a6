using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A parameter of an action: <paramref name="Width"/> bits from limb <paramref name="Limb"/> of the action data on.</summary>
internal readonly record struct ActionParameter(string Name, int Width, int Limb)
{
    public int Limbs => FieldLayout.LimbsOf(Width);
}
