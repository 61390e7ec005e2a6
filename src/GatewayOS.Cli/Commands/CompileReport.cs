namespace GatewayOS.Cli.Commands;

/// <summary>What <c>gatewayctl compile --json</c> prints.</summary>
/// <param name="Entries">The number of entries by table.</param>
/// <param name="Punts">The entries that leave packets to OVS, by reason.</param>
/// <param name="Coverage">The number of entry points by what the tables can do for their packets.</param>
/// <param name="PeakRssKiB">The largest resident memory of this process.</param>
internal sealed record CompileReport(
    int LogicalFlows,
    int States,
    IReadOnlyDictionary<string, int> Entries,
    int EntryPoints,
    LookupCount Lookups,
    IReadOnlyDictionary<string, int> Coverage,
    IReadOnlyList<PuntCount> Punts,
    CompileSeconds Seconds,
    long PeakRssKiB);
