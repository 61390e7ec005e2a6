using System.Collections.Immutable;

namespace GatewayOS.Reference.Tracing;

/// <summary>A choice that the flows leave to the chassis.</summary>
/// <param name="Alternatives">At least two.</param>
/// <param name="Taken">An index.</param>
/// <param name="TablesBefore">How many tables, other than transparent ones, were passed before.</param>
public sealed record TraceChoice(TraceChoiceKind Kind, ImmutableArray<string> Alternatives, int Taken, int TablesBefore);
