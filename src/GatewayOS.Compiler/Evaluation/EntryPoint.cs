using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Where packets of a class enter the automaton.</summary>
public sealed record EntryPoint(Door Door, PacketClass Class, Edge Edge);
