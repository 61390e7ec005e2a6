using System.Diagnostics;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>OVN's own parsers, in its test program (tests/ovstest of an OVN source tree that was built). It is no part of any package.</summary>
internal static class OvsTest
{
    private const string Indentation = "    ";

    // Texts for one process, so that after a stop not everything is written again.
    private const int Portion = 500;

    private static readonly string? s_path =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "ovstest")).FirstOrDefault(File.Exists);

    public static bool IsThere => s_path is not null;

    /// <summary>Why a test that needs it is skipped.</summary>
    public const string Absent = "no ovstest on PATH";

    /// <summary>What it prints for each of the texts, a line each.</summary>
    public static string[] Ask(string command, IReadOnlyList<string> texts)
    {
        var (lines, hasEnded, errors) = Run(command, texts);
        Assert.True(hasEnded && lines.Length == texts.Count, errors);
        return lines;
    }

    /// <summary>What it prints for each of the texts, which it writes back before. It stops at a text that it can parse but not encode, and is started again behind it.</summary>
    public static List<OvsTestAnswer> AskForActions(IReadOnlyList<string> texts)
    {
        var answers = new List<OvsTestAnswer>();
        while (answers.Count < texts.Count)
        {
            var before = answers.Count;
            var (lines, hasEnded, errors) = Run("parse-actions", [.. texts.Skip(before).Take(Portion)]);
            foreach (var line in lines)
            {
                if (line.StartsWith(Indentation, StringComparison.Ordinal))
                {
                    answers[^1] = answers[^1] with { Lines = [.. answers[^1].Lines, line[Indentation.Length..]] };
                }
                else
                {
                    answers.Add(new OvsTestAnswer(line, [], HasStopped: false));
                }
            }

            Assert.True(answers.Count > before, errors);
            answers[^1] = answers[^1] with { HasStopped = !hasEnded };
        }

        return answers;
    }

    // Its output comes line by line, so that what it says before it stops is not lost in a buffer. Exit code 1 only says that some text does not come back from its canonical form.
    private static (string[] Lines, bool HasEnded, string Errors) Run(string command, IReadOnlyList<string> texts)
    {
        var start = new ProcessStartInfo("stdbuf") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-oL", s_path!, "test-ovn", command })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            process.StandardInput.Write(string.Join('\n', texts) + '\n');
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has stopped before it has read everything, which the exit code says as well.
        }

        process.WaitForExit();
        return (output.GetAwaiter().GetResult().TrimEnd('\n').Split('\n'), process.ExitCode is 0 or 1, errors.GetAwaiter().GetResult());
    }
}
