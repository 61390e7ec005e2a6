using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GatewayOS.Vswitchd.Tests")]
