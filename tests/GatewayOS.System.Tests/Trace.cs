using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests;

/// <summary>What a lab leaves on the machine.</summary>
internal static class Trace
{
    /// <summary>Namespaces, files and processes of a lab; empty when it is gone.</summary>
    public static IReadOnlyList<string> Of(string name) =>
    [
        .. Entries("/run/netns", name),
        .. Entries(LabRun.Root, name),
        .. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLine)
            .Where(command => command.Contains(Path.Combine(LabRun.Root, name), StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> Entries(string folder, string name) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, name + "*") : [];

    /// <summary>Empty for a process that has ended, whether its parent has noticed or not.</summary>
    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
