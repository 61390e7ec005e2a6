using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GatewayOS.Linux.Tests")]
