namespace GatewayOS.Compiler.Automaton;

/// <summary>Which fields a lookup tests: one bit for each <see cref="KeyField"/>.</summary>
[Flags]
public enum FieldSet
{
    None = 0,
    EthSource = 1 << KeyField.EthSource,
    EthDestination = 1 << KeyField.EthDestination,
    Source = 1 << KeyField.Source,
    Destination = 1 << KeyField.Destination,
    TcpFlags = 1 << KeyField.TcpFlags,
    SourceClass = 1 << KeyField.SourceClass,
    DestinationClass = 1 << KeyField.DestinationClass,
}
