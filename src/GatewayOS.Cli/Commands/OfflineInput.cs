using System.CommandLine;
using GatewayOS.Compiler.FloatingIps;
using GatewayOS.Control.Ports;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Cli.Commands;

/// <summary>What the offline commands work on.</summary>
/// <param name="Ports">Null when no file was given.</param>
internal sealed record OfflineInput(Southbound Southbound, string Chassis, PortsFile? Ports)
{
    /// <exception cref="CommandException">A file is wrong, no server answers, or there is no such chassis.</exception>
    public static async Task<OfflineInput> LoadAsync(ParseResult line, OfflineOptions options, CancellationToken token)
    {
        var ports = line.GetValue(options.Ports) is { } file ? ReadPorts(file) : null;
        var chassis = line.GetValue(options.Chassis)!;
        Southbound southbound;
        try
        {
            var connection = new ConnectionOptions { Tls = Tls(line, options) };
            southbound = await Southbound.LoadAsync(Remote.ParseList(line.GetValue(options.Southbound)!), connection, token);
        }
        catch (Exception failure) when (failure is OvsdbException or FormatException)
        {
            throw new CommandException(failure.Message.ReplaceLineEndings(" "), failure);
        }

        var known = southbound.Chassis.Select(row => row.Name).Order(StringComparer.Ordinal).ToList();
        return known.Contains(chassis)
            ? new OfflineInput(line.GetValue(options.StatelessFloatingIps) ? new StatelessFloatingIps().Apply(southbound) : southbound, chassis, ports)
            : throw new CommandException(known.Count == 0
                ? $"there is no chassis '{chassis}': the database has none at all"
                : $"there is no chassis '{chassis}'; the database has {string.Join(", ", known)}");
    }

    private static TlsFiles? Tls(ParseResult line, OfflineOptions options) =>
        (line.GetValue(options.PrivateKey), line.GetValue(options.Certificate), line.GetValue(options.CaCertificate)) switch
        {
            (null, null, null) => null,
            ({ } key, { } certificate, { } ca) => new TlsFiles(key, certificate, ca),
            _ => throw new CommandException("--private-key, --certificate and --ca-cert belong together: give all three"),
        };

    private static PortsFile ReadPorts(string file)
    {
        try
        {
            return PortsFileReader.Read(File.ReadAllText(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the ports file {file} cannot be read: {failure.Message}", failure);
        }
        catch (FormatException failure)
        {
            throw new CommandException($"the ports file {file} is wrong: {failure.Message.ReplaceLineEndings("; ")}", failure);
        }
    }
}
