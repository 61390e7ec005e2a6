using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GatewayOS.System.Tests")]
[assembly: InternalsVisibleTo("GatewayOS.Benchmarks")]
