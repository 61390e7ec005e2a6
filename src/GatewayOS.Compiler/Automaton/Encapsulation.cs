using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>The outer headers towards one remote chassis.</summary>
public sealed record Encapsulation(
    TunnelType Type, MacAddress EthSource, MacAddress EthDestination, uint Source, uint Destination, bool Checksum);
