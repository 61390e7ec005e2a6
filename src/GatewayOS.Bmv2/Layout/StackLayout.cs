namespace GatewayOS.Bmv2.Layout;

/// <summary>A header stack: instances of one type, and the limb that holds the index of the first element that was not extracted.</summary>
internal sealed class StackLayout(string name, HeaderLayout[] elements, int nextLimb)
{
    public string Name => name;

    public HeaderLayout[] Elements => elements;

    public int NextLimb => nextLimb;

    /// <summary>The first limbs of the elements.</summary>
    public int[] Bases { get; } = [.. elements.Select(element => element.FirstLimb)];
}
