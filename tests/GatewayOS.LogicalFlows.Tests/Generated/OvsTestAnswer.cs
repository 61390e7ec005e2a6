namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>What ovstest says of an action list.</summary>
/// <param name="Text">The action list.</param>
/// <param name="Lines">An error, or <c>formats as</c> (unless it is the text), <c>encodes as</c>, <c>has prereqs</c>.</param>
/// <param name="HasStopped">It has parsed the text and failed to encode it; so there are no further lines.</param>
internal sealed record OvsTestAnswer(string Text, Core.EquatableArray<string> Lines, bool HasStopped)
{
    private const string Canonical = "formats as ";
    private const string Encoded = "encodes as ";
    private const string Prerequisites = "has prereqs ";

    public ActionVerdict Verdict => HasStopped || Find(Encoded) is not null
        ? new ActionVerdict(null, Find(Canonical) ?? Text, Find(Prerequisites) ?? "")
        : new ActionVerdict(string.Join('\n', Lines));

    /// <summary>As much of our verdict as can be compared: of a text at which it stopped, whether it is one, and the canonical form if that is not the text.</summary>
    public ActionVerdict Comparable(ActionVerdict ours) =>
        !HasStopped || ours.Error is not null ? ours : ours with { Canonical = Lines.Count == 0 ? Text : ours.Canonical, Prerequisites = "" };

    private string? Find(string start) => Lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
}
