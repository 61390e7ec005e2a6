namespace GatewayOS.Compiler.Automaton;

/// <summary>What entries name by a number, and the device holds for as long as one does.</summary>
public abstract record Resource;
