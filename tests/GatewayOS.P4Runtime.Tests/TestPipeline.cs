namespace GatewayOS.P4Runtime.Tests;

/// <summary>The committed program, read once.</summary>
public static class TestPipeline
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "p4");

    public static ForwardingPipeline Gateway { get; } = ForwardingPipeline.Load(Folder);
}
