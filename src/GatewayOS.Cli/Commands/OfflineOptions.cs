using System.CommandLine;

namespace GatewayOS.Cli.Commands;

/// <summary>The options of the commands that need no agent.</summary>
/// <param name="portsRequired">Whether the ports file must be named.</param>
/// <param name="isOnlyOffline">Whether there is no other way than these; if there is, all three or none are given.</param>
internal sealed class OfflineOptions(bool portsRequired, bool isOnlyOffline = true)
{
    public Option<string> Southbound { get; } = new("--sb")
    {
        Description = "The southbound database: unix:FILE, tcp:HOST:PORT or ssl:HOST:PORT; several, separated by commas, are tried in turn.",
        HelpName = "REMOTE",
        Required = isOnlyOffline,
    };

    public Option<string> Chassis { get; } = new("--chassis")
    {
        Description = "The name (system-id) of the chassis to compile for.",
        HelpName = "NAME",
        Required = isOnlyOffline,
    };

    public Option<string?> Ports { get; } = new("--ports")
    {
        Description = portsRequired
            ? "The file that maps device ports to logical attachments."
            : "The file that maps device ports to logical attachments. Default: a port for each network and VIF of the chassis.",
        HelpName = "FILE",
        Required = portsRequired,
    };

    public Option<bool> StatelessFloatingIps { get; } = new("--stateless-floating-ips")
    {
        Description = "Translate floating IPs without conntrack, as the agent does with that option.",
    };

    public Option<string?> PrivateKey { get; } = Pem("--private-key", "The private key for ssl: remotes.");

    public Option<string?> Certificate { get; } = Pem("--certificate", "The certificate for ssl: remotes.");

    public Option<string?> CaCertificate { get; } = Pem("--ca-cert", "The certificate of who signed the server's.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Southbound, Chassis, Ports, StatelessFloatingIps, PrivateKey, Certificate, CaCertificate })
        {
            command.Add(option);
        }
    }

    private static Option<string?> Pem(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
