namespace GatewayOS.Bmv2;

/// <summary>The configuration of a two rate three colour meter (RFC 2698, colour-blind).</summary>
/// <param name="CommittedRate">Octets or packets a second; a packet above it is yellow.</param>
/// <param name="CommittedBurst">Octets or packets.</param>
/// <param name="PeakRate">Octets or packets a second; a packet above it is red.</param>
/// <param name="PeakBurst">Octets or packets.</param>
public sealed record MeterRates(long CommittedRate, long CommittedBurst, long PeakRate, long PeakBurst);
