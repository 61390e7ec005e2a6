namespace GatewayOS.Ovsdb;

/// <summary>The PEM files for <c>ssl:</c> remotes: what ovs-vsctl(8) set-ssl takes.</summary>
/// <param name="PrivateKey">The client's private key.</param>
/// <param name="Certificate">The client's certificate, shown to the server.</param>
/// <param name="CaCertificate">Who must have signed the server's certificate. As in OVS, the name in it does not matter.</param>
public sealed record TlsFiles(string PrivateKey, string Certificate, string CaCertificate);
