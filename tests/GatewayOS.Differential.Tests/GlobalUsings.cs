global using GatewayOS.Testing;
global using Xunit;
