using GatewayOS.Bmv2;

namespace GatewayOS.Explain.Tests;

/// <summary>The committed program.</summary>
internal static class Switch
{
    private static readonly byte[] s_json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gateway.bmv2.json"));

    public static SwitchProgram Program { get; } = SwitchProgram.Load(s_json);
}
