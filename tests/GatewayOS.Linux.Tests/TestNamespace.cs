using System.Diagnostics;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Linux.Tests;

/// <summary>A network namespace for one test, gone with it.</summary>
public sealed class TestNamespace : IDisposable
{
    private TestNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Makes one, or skips the test for want of root; continuous integration may not skip.</summary>
    public static TestNamespace Create()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Network namespaces need root.");
        }

        var created = new TestNamespace($"gwt-{Guid.NewGuid().ToString("n")[..8]}");
        RunIp(["netns", "add", created.Name]);
        created.Ip("link set lo up");
        return created;
    }

    public T Run<T>(Func<T> function) => NetworkNamespace.Run(NetworkNamespace.PathOf(Name), function);

    /// <summary>Runs <c>ip</c> inside, one command a line.</summary>
    public void Ip(string commands) => Run(() => RunIp(["-batch", "-"], commands));

    /// <summary>Runs <c>nft</c> inside with a rule set, see nft(8).</summary>
    public void Nft(string rules) => Run(() => RunTool("nft", ["-f", "-"], rules));

    public void Dispose() => RunIp(["netns", "delete", Name]);

    private static bool RunIp(IEnumerable<string> arguments, string input = "") => RunTool("ip", arguments, input);

    private static bool RunTool(string tool, IEnumerable<string> arguments, string input)
    {
        var start = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and its error, below, say why.
        }

        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {errors}");
        return true;
    }
}
