namespace GatewayOS.Cli.Commands;

/// <param name="Parse">Parsing logical flows.</param>
/// <param name="Compile">The rest of the compilation.</param>
/// <param name="Total">Both, and fetching the database.</param>
internal sealed record CompileSeconds(double Parse, double Compile, double Total);
