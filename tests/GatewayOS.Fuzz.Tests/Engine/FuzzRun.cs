using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace GatewayOS.Fuzz.Tests.Engine;

/// <summary>Feeds a target with inputs made of its seeds until a number of inputs or a time is reached.</summary>
/// <remarks>
/// The contract: a value or a documented refusal; no other exception, no exhausted stack, no more memory than the input's size allows, no hang. The same seed
/// makes the same inputs. An exhausted stack cannot be caught and a hanging thread not be ended, so every input stands in the file
/// <c>artifacts/fuzz/NAME.input</c> while it is read, and stays there if it kills the process.
/// </remarks>
internal sealed class FuzzRun(FuzzTarget target, ulong seed)
{
    /// <summary>As small as a stack of a thread that anyone may reasonably ask for.</summary>
    private const int StackSize = 1 << 19;

    /// <summary>Far more than any input needs; a loaded machine is no finding.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly List<byte[]> _pool = [.. target.Seeds.Select(Encoding.UTF8.GetBytes)];
    private readonly CurrentInput _current = new(target.Name);
    private long _startedAt;
    private long _inputs;
    private double _worstBytesPerOctet;
    private Exception? _finding;

    /// <summary>Runs on a thread of its own, while this one watches it.</summary>
    /// <returns>A line about what was done.</returns>
    /// <exception cref="FuzzException">Something was found; the message says what, and the file has the input.</exception>
    public string Run(long maximumInputs, TimeSpan maximumTime)
    {
        var start = Stopwatch.GetTimestamp();
        var worker = new Thread(() => Work(maximumInputs, start, maximumTime), StackSize) { IsBackground = true };
        worker.Start();
        while (!worker.Join(s_glance))
        {
            var startedAt = Volatile.Read(ref _startedAt);
            if (startedAt != 0 && Stopwatch.GetElapsedTime(startedAt) > s_hang)
            {
                throw new FuzzException($"{target.Name}, seed {seed}: an input takes longer than {s_hang.TotalSeconds} s: {_current.Path}");
            }
        }

        if (_finding is not null)
        {
            throw new FuzzException($"{target.Name}, seed {seed}, input {_inputs}: {_finding.Message}: {_current.Path}", _finding);
        }

        _current.Delete();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}, seed {seed}: {_inputs} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s, {_words.Count} kinds of outcome, "
            + $"at most {_worstBytesPerOctet:0} bytes allocated an octet beyond {FuzzTarget.AnyInput}");
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it is what the fuzzer looks for.")]
    private void Work(long maximumInputs, long start, TimeSpan maximumTime)
    {
        var mutator = new Mutator(new SeededNumbers(seed), target.Pieces);
        var seeds = _pool.ToArray();
        try
        {
            foreach (var input in seeds)
            {
                Read(input);
            }

            while (_inputs < maximumInputs && Stopwatch.GetElapsedTime(start) < maximumTime)
            {
                Read(mutator.Mutate(_pool));
            }
        }
        catch (Exception finding)
        {
            _finding = finding;
        }
    }

    private void Read(byte[] input)
    {
        _inputs++;
        _current.Set(input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        var word = target.Read(input);
        Volatile.Write(ref _startedAt, 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var perOctet = (allocated - FuzzTarget.AnyInput) / (double)Math.Max(1, input.Length);
        _worstBytesPerOctet = Math.Max(_worstBytesPerOctet, perOctet);
        if (perOctet > target.BytesPerOctet)
        {
            throw new FuzzException($"{allocated} bytes allocated for {input.Length} octets");
        }

        if (_words.Add(word) && input.Length < Mutator.MaximumSize / 4)
        {
            _pool.Add(input);
        }
    }
}
