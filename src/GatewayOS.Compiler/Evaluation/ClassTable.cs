using GatewayOS.Compiler.Network;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>A logical table without the flows that packets of a class never match, their matches without what always holds.</summary>
/// <param name="PassThrough">The only flow left, if all it does is go on to the next table; else null.</param>
/// <param name="Simple">What became of each flow of the table: null if it never matches.</param>
public sealed record ClassTable(LogicalTable Flows, Guid? PassThrough, IReadOnlyDictionary<PreparedFlow, PreparedFlow?> Simple);
