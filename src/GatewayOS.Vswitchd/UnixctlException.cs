namespace GatewayOS.Vswitchd;

/// <summary>A daemon of Open vSwitch could not be asked, or refused.</summary>
/// <param name="socket">Its control socket.</param>
/// <param name="command">What was asked.</param>
/// <param name="problem">What it said, or why nobody answered.</param>
/// <param name="cause">The failure below, if any.</param>
public sealed class UnixctlException(string socket, string command, string problem, Exception? cause = null)
    : Exception($"{socket} did not do '{command}': {problem}", cause)
{
    public string Command { get; } = command;

    /// <summary>The daemon's own words, such as <c>zone=70000: bad zone</c>.</summary>
    public string Problem { get; } = problem;
}
