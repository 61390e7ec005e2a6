using System.Globalization;

namespace GatewayOS.Lab.Running;

/// <summary>The daemons that have left their process id in a lab's folders (<c>NODE/NAME.pid</c>), as they were when this was made: tells when one has ended, or is another.</summary>
/// <remarks>A daemon that aborts leaves its file, and one that is started again writes a new one: what counts is whether the same process lives.</remarks>
internal sealed class Watch
{
    /// <summary>Fields of /proc/PID/stat (proc(5)) behind the name of the program: the state is the first, the start the twentieth.</summary>
    private const int State = 0, Start = 19;

    private readonly IReadOnlyList<(string File, int Process, string Start)> _daemons;

    private Watch(IReadOnlyList<(string File, int Process, string Start)> daemons) => _daemons = daemons;

    public static Watch Over(IEnumerable<string> folders) => new(
        [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.pid")).Order().Select(file => (file, ProcessOf(file), StartOf(ProcessOf(file)) ?? ""))]);

    /// <returns>What has happened, with the end of its log; null while all live.</returns>
    public string? Fallen()
    {
        var fallen = _daemons.Where(daemon => StartOf(daemon.Process) != daemon.Start).Select(daemon => Describe(daemon.File, daemon.Process)).ToList();
        return fallen.Count == 0 ? null : string.Join('\n', fallen);
    }

    private static string Describe(string file, int process)
    {
        var (name, node) = (Path.GetFileNameWithoutExtension(file), Path.GetFileName(Path.GetDirectoryName(file)));
        var successor = File.Exists(file) && ProcessOf(file) != process ? $", {ProcessOf(file)} runs in its place" : "";
        return $"{name} of {node} (process {process}) has ended{successor}: {LogEnd.Of(Path.ChangeExtension(file, ".log"))}";
    }

    private static int ProcessOf(string file) => int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture);

    /// <summary>When a process started, which tells it from another of the same number; null when there is none, or nobody has asked yet how it ended.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[State] is "Z" or "X" ? null : fields[Start];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
