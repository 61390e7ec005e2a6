namespace GatewayOS.Fuzz.Tests.Engine;

/// <summary>Something that reads what strangers write.</summary>
/// <param name="Name">Names the files of a run.</param>
/// <param name="Seeds">Inputs that are taken, from which others are made.</param>
/// <param name="Pieces">Words of the input's language.</param>
/// <param name="Read">
/// Reads an input and checks what comes out. Returns a word for what happened; an input with a new word becomes a seed. A refusal is a word too; what
/// is thrown is a finding.
/// </param>
/// <param name="BytesPerOctet">How much may be allocated for each octet of an input, all in all, beside <see cref="AnyInput"/>.</param>
internal sealed record FuzzTarget(
    string Name, IReadOnlyList<string> Seeds, IReadOnlyList<string> Pieces, Func<ReadOnlyMemory<byte>, string> Read, long BytesPerOctet)
{
    /// <summary>Bytes that may be allocated whatever the input.</summary>
    public const long AnyInput = 1 << 22;

    public override string ToString() => Name;
}
