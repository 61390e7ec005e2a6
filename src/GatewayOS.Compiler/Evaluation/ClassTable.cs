using GatewayOS.Compiler.Network;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>A logical table without the flows that packets of a class never match, their matches without what always holds.</summary>
/// <param name="PassThrough">The only flow left, if all it does is go on to the next table; else null.</param>
public sealed record ClassTable(LogicalTable Flows, Guid? PassThrough);
