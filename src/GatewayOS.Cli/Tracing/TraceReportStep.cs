namespace GatewayOS.Cli.Tracing;

/// <param name="Flow">Null when no flow matched.</param>
internal sealed record TraceReportStep(
    string Datapath, string Pipeline, int Table, string? Stage, Guid? Flow, int Priority, string Match, string Actions);
