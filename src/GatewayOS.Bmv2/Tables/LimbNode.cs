namespace GatewayOS.Bmv2.Tables;

/// <summary>A node of a <see cref="LimbMap{TNode}"/>.</summary>
/// <param name="limbs">Holds the key.</param>
/// <param name="start">Where in <paramref name="limbs"/> the key starts.</param>
/// <param name="length">How many limbs it has.</param>
internal abstract class LimbNode<TNode>(ulong[] limbs, int start, int length)
    where TNode : LimbNode<TNode>
{
    public ulong Hash;

    public TNode? Next;

    public ReadOnlySpan<ulong> HashKey => limbs.AsSpan(start, length);

    public bool Has(ulong hash, ReadOnlySpan<ulong> key) => Hash == hash && HashKey.SequenceEqual(key);
}
