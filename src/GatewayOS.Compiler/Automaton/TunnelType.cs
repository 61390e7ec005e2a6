namespace GatewayOS.Compiler.Automaton;

/// <summary>Encapsulations of the overlay; the numbers are those of the key field <c>tunnel_type</c>.</summary>
public enum TunnelType
{
    Geneve = 1,
    Vxlan = 2,
}
