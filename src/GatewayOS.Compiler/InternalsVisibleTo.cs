using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GatewayOS.Compiler.Tests")]
