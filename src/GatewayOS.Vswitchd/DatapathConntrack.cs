using System.Globalization;
using GatewayOS.Connections;

namespace GatewayOS.Vswitchd;

/// <summary>The connection tracker of a datapath, by the dpctl commands of ovs-vswitchd (ovs-dpctl(8)).</summary>
/// <param name="vswitchd">The daemon.</param>
/// <param name="datapath">Such as <c>netdev@ovs-netdev</c>; null when there is one only. Ending connections works with one only.</param>
public sealed class DatapathConntrack(UnixctlClient vswitchd, string? datapath = null)
{
    private const string Disabled = "disabled";

    /// <summary>ENOENT in words; a daemon has no locale.</summary>
    private const string NoSuchConnection = "(No such file or directory)";

    /// <summary>Lines of dumps that are no connection to us, since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>Lists the connections; their status is that of <see cref="ConntrackText"/>.</summary>
    /// <remarks>The daemon's main thread does nothing else meanwhile, so it is costly for large tables.</remarks>
    /// <exception cref="UnixctlException">The daemon does not answer or refuses.</exception>
    public async Task<IReadOnlyList<ConnectionEntry>> DumpAsync(ushort? zone, CancellationToken token)
    {
        var text = await AskAsync("dump-conntrack", ["-m", "-s"], zone is { } it ? [Zone(it)] : [], token);
        var entries = new List<ConnectionEntry>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (ConntrackText.Read(line, out var entry) == ConntrackTextRefusal.None)
            {
                entries.Add(entry!);
            }
            else
            {
                Refused++;
            }
        }

        return entries;
    }

    public Task FlushZoneAsync(ushort zone, CancellationToken token) => FlushAsync([Zone(zone)], token);

    /// <summary>Ends a connection.</summary>
    /// <returns>False when it does not exist.</returns>
    public async Task<bool> RemoveAsync(ushort zone, ConnectionTuple original, CancellationToken token)
    {
        // The userspace tracker finds it by the tuple before translation only.
        var family = original.IsIpv6 ? "ipv6" : "nw";
        var ports = original.IsIcmp
            ? $"icmp_type={original.IcmpType},icmp_code={original.IcmpCode},icmp_id={original.SourcePort}"
            : $"ct_tp_src={original.SourcePort},ct_tp_dst={original.DestinationPort}";
        var tuple = $"ct_{family}_src={original.SourceAddress},ct_{family}_dst={original.DestinationAddress},ct_nw_proto={(byte)original.Protocol},{ports}";
        try
        {
            await FlushAsync([Zone(zone), tuple], token);
            return true;
        }
        catch (UnixctlException e) when (e.Problem.Contains(NoSuchConnection, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>How many connections there are.</summary>
    public async Task<int> CountAsync(CancellationToken token) => Number("ct-get-nconns", await AskAsync("ct-get-nconns", [], [], token));

    /// <summary>How many there may be.</summary>
    public async Task<int> LimitAsync(CancellationToken token) => Number("ct-get-maxconns", await AskAsync("ct-get-maxconns", [], [], token));

    /// <summary>Whether TCP sequence numbers out of the window make a packet invalid.</summary>
    public async Task<bool> ChecksSequenceAsync(CancellationToken token) =>
        !(await AskAsync("ct-get-tcp-seq-chk", [], [], token)).Contains(Disabled, StringComparison.Ordinal);

    /// <summary>The userspace tracker is liberal for all connections or for none; it has to be when it misses the middle of some.</summary>
    public Task CheckSequenceAsync(bool check, CancellationToken token) =>
        AskAsync(check ? "ct-enable-tcp-seq-chk" : "ct-disable-tcp-seq-chk", [], [], token);

    private static string Zone(ushort zone) => $"zone={zone}";

    private static int Number(string command, string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UnixctlException("ovs-vswitchd", command, $"'{text.Trim()}' is not a number");

    // QUIRK(ovs-vswitchd 3.1): it takes the name of a datapath for a tuple here.
    private Task<string> FlushAsync(string[] arguments, CancellationToken token) => vswitchd.AskAsync("dpctl/flush-conntrack", arguments, token);

    private Task<string> AskAsync(string command, string[] options, string[] arguments, CancellationToken token) =>
        vswitchd.AskAsync($"dpctl/{command}", [.. options, .. datapath is null ? [] : new[] { datapath }, .. arguments], token);
}
