using System.Text.Json;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Faults;

/// <summary>What the agent has logged since this was made.</summary>
internal sealed class AgentLog
{
    public const int NotFollowing = 1001, Controlling = 1400, NotControlling = 1401, InStep = 1431, Refused = 1432, TakesAll = 1433, Rejected = 1435;

    private readonly string _file;
    private readonly int _before;

    public AgentLog(LabNetwork lab)
    {
        _file = lab.Gateway.AgentLogFile;
        _before = File.Exists(_file) ? File.ReadLines(_file).Count() : 0;
    }

    /// <summary>The messages of one kind, by the number of its event.</summary>
    public IReadOnlyList<string> Messages(int kind) => [.. Lines().Where(line => line.Kind == kind).Select(line => line.Message)];

    /// <summary>Entries written: inserted, modified and deleted.</summary>
    public int Writes() => Lines().Where(line => line.Kind == InStep).Sum(line => line.Writes);

    /// <summary>What went wrong, for a test that fails.</summary>
    public override string ToString() => string.Join('\n', Lines().Select(line => $"{line.Kind} {line.Message}"));

    private IEnumerable<(int Kind, string Message, int Writes)> Lines()
    {
        foreach (var text in File.ReadLines(_file).Skip(_before).Where(text => text.StartsWith('{') && text.EndsWith('}')))
        {
            using var line = JsonDocument.Parse(text);
            var root = line.RootElement;
            int Number(string name) => root.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
            yield return (Number("event"), root.GetProperty("message").GetString()!, Number("Inserted") + Number("Modified") + Number("Deleted"));
        }
    }
}
