using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GatewayOS.Explain.Tests")]
