using System.Diagnostics;
using CsCheck;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

/// <summary>
/// Asks OVN's own test program (tests/ovstest of an OVN source tree that was built) about 120,000 damaged texts. Skipped unless ovstest is on PATH;
/// it is no part of any package.
/// </summary>
public sealed class OracleTests
{
    private static readonly ActionContext s_context = new(Pipeline.Ingress, 10);

    [Theory]
    [InlineData("matches.golden", "parse-expr")]
    [InlineData("matches.golden", "annotate-expr")]
    public void OVN_says_the_same_of_damaged_matches(string golden, string command)
    {
        var parser = new LogicalFlowParser(LanguageVersion.Newest);
        var texts = Damaged(golden, seed: "0000KR2hRb51");
        var answers = Ask(command, texts);
        Assert.Equal(texts.Length, answers.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var result = parser.ParseMatch(texts[i], Samples.Sets);
            var match = result.Match is null || command == "parse-expr" ? result.Match : Annotation.Annotate(result.Match);
            Assert.Equal((texts[i], answers[i]), (texts[i], match?.ToString() ?? result.Error!.Message));
        }
    }

    [Fact]
    public void OVN_says_the_same_of_damaged_actions()
    {
        var parser = new LogicalFlowParser(LanguageVersion.Newest);
        var texts = Damaged("actions.golden", seed: "0000KR2hRb51");

        // The program stops at texts that OVN parses but cannot encode, so those that parse are left to the golden file.
        var refused = texts.Where(text => parser.ParseActions(text, s_context).Error is not null).ToArray();
        var answers = Ask("parse-actions", refused);
        Assert.Equal(refused.Length * 2, answers.Length);
        for (var i = 0; i < refused.Length; i++)
        {
            var error = parser.ParseActions(refused[i], s_context).Error!.Message;
            Assert.Equal((refused[i], "    " + error), (answers[2 * i], answers[2 * i + 1]));
        }
    }

    private static string[] Damaged(string golden, string seed)
    {
        var texts = GoldenFile.Read(golden).Select(item => item.Input).Where(text => text.Length < 200).ToArray();
        string[] pieces = ["(", ")", "{", "}", "[", "]", "==", "!=", "<", "&&", "||", "!", "..", ",", ";", "=", "1", "0x1", "1.2.3.4", "::1", "\"s\"", "ip4", "reg0", "inport", "", " "];
        var damaged = new List<string>();
        Gen.Select(OneOf.Values(texts), Gen.Int[0, 400], Gen.Int[0, 6], OneOf.Values(pieces))
            .Select((text, position, length, piece) =>
            {
                var at = position % (text.Length + 1);
                return text[..at] + piece + text[Math.Min(text.Length, at + length)..];
            })
            .Sample(
                text =>
                {
                    // The program reads lines, drops what follows #, and expands templates itself.
                    if (!string.IsNullOrWhiteSpace(text) && text[0] != ' ' && !text.AsSpan().ContainsAny("#^"))
                    {
                        damaged.Add(text);
                    }
                },
                seed: seed,
                iter: 40_000,
                threads: 1);
        return [.. damaged];
    }

    private static string[] Ask(string command, string[] lines)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "ovstest")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(path is not null, "no ovstest on PATH");
        var start = new ProcessStartInfo(path!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("test-ovn");
        start.ArgumentList.Add(command);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(string.Join('\n', lines) + '\n');
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output.GetAwaiter().GetResult().TrimEnd('\n').Split('\n');
    }
}
