namespace GatewayOS.Cli.Replaying;

internal enum Verdict
{
    Forward,
    Drop,
    Punt,
}
