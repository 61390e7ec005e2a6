using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GatewayOS.Explain;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Reporting;

/// <summary>A Unix socket that takes a request a line and gives an answer a line, both JSON.</summary>
/// <remarks>
/// <code>
///   {"request": "status"}                       -> {"status": {...}}
///   {"request": "entries", "table": "route4"}   -> {"entries": [...]}        all tables without "table"
///   {"request": "explain", "inPort": NAME, "packet": HEX}    -> {"explanation": {...}}    or "flow": TEXT instead of "packet"
///   {"request": "punts"}                        -> {"punts": [...]}
///   {"request": "flows", "filter": {...}}       -> {"flows": [...]}
///   {"request": "connections", "connections": {...}}    -> {"connections": [...]}
///                                               -> {"error": TEXT}
/// </code>
/// It only looks: nothing can be changed through it. Only root may connect.
/// </remarks>
public sealed partial class ControlSocket(string path, Reporter reporter, ILogger<ControlSocket> logger)
{
    public const string DefaultPath = "/run/gatewayos/control.sock";

    private const int LongestRequest = 4096;

    private readonly ILogger _logger = logger;

    /// <summary>Serves until the token is cancelled.</summary>
    /// <exception cref="SocketException">The path cannot be used.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // One left behind by an agent that was killed.
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen();
        LogServing(path);
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync(token), token);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken token)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.UTF8, false, LongestRequest);
            while (await reader.ReadLineAsync(token) is { } line)
            {
                await stream.WriteAsync(await AnswerAsync(line, token), token);
                await stream.WriteAsync("\n"u8.ToArray(), token);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The client went away, or the agent does: nobody is left to tell.
            LogClientGone(failure.Message);
        }
    }

    private async Task<byte[]> AnswerAsync(string line, CancellationToken token)
    {
        try
        {
            var request = ControlJson.Request(line);
            return request switch
            {
                { Request: "status" } => ControlJson.Bytes(new ControlAnswer { Status = await reporter.StatusAsync(token) }),
                { Request: "entries", Table: var table } when table is null || Pipeline.TablesByName.ContainsKey(table) =>
                    ControlJson.Bytes(new ControlAnswer { Entries = await reporter.EntriesAsync(table, token) }),
                { Request: "entries" } => Error($"there is no table '{request.Table}'; there are {string.Join(", ", Pipeline.Tables.Select(table => table.Name))}"),
                { Request: "explain" } => ControlJson.Bytes(
                    new ControlAnswer { Explanation = await reporter.Packets.ExplainAsync(request.InPort, request.Packet, request.Flow, token) }),
                { Request: "punts" } => ControlJson.Bytes(new ControlAnswer { Punts = await reporter.Flows.PuntsAsync(token) }),
                { Request: "flows" } => ControlJson.Bytes(
                    new ControlAnswer { Flows = await reporter.Flows.FlowsAsync(request.Filter ?? new FlowFilter(), token) }),
                { Request: "connections" } => ControlJson.Bytes(
                    new ControlAnswer { Connections = await reporter.Connections.ConnectionsAsync(request.Connections ?? new ConnectionFilter(), token) }),
                _ => Error($"there is no request '{request?.Request}'; ask for status, entries, explain, punts, flows or connections"),
            };
        }
        catch (Exception failure) when (failure is JsonException or P4RuntimeException or ExplainException)
        {
            return Error(failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A question must not harm the agent, whatever is wrong with it or with the answer.
            LogNoAnswer(line, failure);
            return Error($"the agent failed to answer: {failure.Message}");
        }
    }

    private static byte[] Error(string message) => ControlJson.Bytes(new ControlAnswer { Error = message });

    [LoggerMessage(1440, LogLevel.Information, "Answering on {Path}")]
    private partial void LogServing(string path);

    [LoggerMessage(1442, LogLevel.Error, "No answer to {Request}")]
    private partial void LogNoAnswer(string request, Exception failure);

    [LoggerMessage(1441, LogLevel.Debug, "A client of the control socket is gone: {Message}")]
    private partial void LogClientGone(string message);
}
