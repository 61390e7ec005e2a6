namespace GatewayOS.Bmv2.Tests;

/// <summary>The compiled programs beside the tests; the P4 sources are in <c>programs/</c>, compiled by <c>programs/build.sh</c>.</summary>
internal static class Programs
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programs", $"{name}.json"));

    public static SwitchMachine Machine(string name, TimeProvider? time = null) => new(SwitchProgram.Load(Text(name)), time ?? TimeProvider.System);
}
