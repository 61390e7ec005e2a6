using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using GatewayOS.Control.Reporting;
using GatewayOS.Core;
using Tomlyn;
using Tomlyn.Model;

namespace GatewayOS.Cli.Commands;

/// <summary>Asks the agent of this machine.</summary>
internal static class AgentClient
{
    public static Option<string?> SocketOption() => new("--socket") { Description = "The agent's socket.", HelpName = "PATH" };

    public static Option<string?> ConfigurationOption() => new("--config")
    {
        Description = "The agent's configuration file, which names its socket.",
        HelpName = "FILE",
    };

    /// <summary>The named socket, else that of the configuration file, else the default one.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static string PathOf(string? socket, string? configuration)
    {
        if (socket is not null || configuration is null)
        {
            return socket ?? ControlSocket.DefaultPath;
        }

        try
        {
            var file = TomlSerializer.Deserialize(File.ReadAllText(configuration) + '\n', ConfigurationToml.Default.TomlTable);
            var path = file is not null && file.TryGetValue("control", out var table) && table is TomlTable control && control.TryGetValue("socket", out var value)
                ? value as string : null;
            return Path.GetFullPath(path ?? ControlSocket.DefaultPath, Path.GetDirectoryName(Path.GetFullPath(configuration))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TomlException)
        {
            throw new CommandException($"the configuration file {configuration} cannot be read: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <exception cref="CommandException">No agent answers there, or it cannot tell.</exception>
    public static async Task<ControlAnswer> AskAsync(string path, ControlRequest request, CancellationToken token)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync((byte[])[.. ControlJson.Bytes(request), (byte)'\n'], token);
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadLineAsync(token) is { } line ? ControlJson.Answer(line) : null;
            return answer switch
            {
                null => throw new CommandException($"the agent at {path} closed the connection; see its log"),
                { Error: { } error } => throw new CommandException(error),
                _ => answer,
            };
        }
        catch (SocketException failure)
        {
            throw new CommandException($"no agent answers at {path} ({UnixSocketFailure.Describe(failure)}); start gatewayd, or name its socket with --socket", failure);
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            throw new CommandException($"the agent at {path} did not answer: {failure.Message}", failure);
        }
    }
}
