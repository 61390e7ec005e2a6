using System.Collections.Immutable;
using System.Globalization;

namespace GatewayOS.Ovsdb;

/// <summary>Where a database server listens (ovsdb(7), "Active Connection Methods").</summary>
public abstract record Remote
{
    /// <summary>The port when none is given (ovsdb(7)); OVN's southbound database usually has 6642.</summary>
    public const int DefaultPort = 6640;

    private Remote()
    {
    }

    /// <summary>Reads <c>unix:FILE</c>, <c>tcp:HOST[:PORT]</c> or <c>ssl:HOST[:PORT]</c>; an IPv6 address is in brackets.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Remote Parse(string text)
    {
        var (method, rest) = text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? (text[..colon], text[(colon + 1)..])
            : (text, "");
        return (method, rest) switch
        {
            (_, "") => throw Malformed(text),
            ("unix", _) => new Unix(rest),
            ("tcp", _) => Endpoint(text, rest, (host, port) => new Tcp(host, port)),
            ("ssl", _) => Endpoint(text, rest, (host, port) => new Ssl(host, port)),
            _ => throw Malformed(text),
        };
    }

    /// <summary>Reads remotes separated by commas, as in the key <c>ovn-remote</c>.</summary>
    /// <exception cref="FormatException">One of them is malformed, or there is none.</exception>
    public static ImmutableArray<Remote> ParseList(string text)
    {
        var remotes = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return remotes.Length > 0 ? [.. remotes.Select(Parse)] : throw Malformed(text);
    }

    private static Remote Endpoint(string text, string rest, Func<string, int, Remote> make)
    {
        var end = rest.StartsWith('[') ? rest.IndexOf(']', StringComparison.Ordinal) + 1 : rest.IndexOf(':', StringComparison.Ordinal);
        end = end < 0 ? rest.Length : end;
        var (host, port) = (rest[..end].TrimStart('[').TrimEnd(']'), DefaultPort);
        var suffix = rest[end..];
        if (host.Length == 0
            || (suffix.Length > 0 && !(suffix[0] == ':'
                && int.TryParse(suffix[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and < 65536)))
        {
            throw Malformed(text);
        }

        return make(host, port);
    }

    private static FormatException Malformed(string text) =>
        new($"'{text}' is not an OVSDB remote; write unix:FILE, tcp:HOST:PORT or ssl:HOST:PORT");

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    public sealed record Unix(string Path) : Remote
    {
        public override string ToString() => $"unix:{Path}";
    }

    public sealed record Tcp(string Host, int Port) : Remote
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"tcp:{Bracketed(Host)}:{Port}");
    }

    public sealed record Ssl(string Host, int Port) : Remote
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ssl:{Bracketed(Host)}:{Port}");
    }
}
