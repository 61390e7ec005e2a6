namespace GatewayOS.LogicalFlows;

/// <summary>
/// A piece of packet or metadata that overlaps with no other root: all fields that share bits live in the same root.
/// Roots are compared by reference; the symbol table owns one object per root.
/// </summary>
/// <param name="name">The name of the field that covers the whole root, for instance <c>xxreg0</c> or <c>ip4.src</c>.</param>
/// <param name="width">Bits.</param>
public sealed class StorageRoot(string name, int width)
{
    public string Name { get; } = name;

    public int Width { get; } = width;

    public override string ToString() => Name;
}
