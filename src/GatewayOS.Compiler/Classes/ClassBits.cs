using GatewayOS.Compiler.Emission;

namespace GatewayOS.Compiler.Classes;

/// <summary>Gives sets of addresses the bits of <c>src_class</c> or <c>dst_class</c>, of one packet class.</summary>
/// <remarks>
/// A set keeps its bit for as long as the compiler lives, and the first choice follows from its identity, so that a restarted agent
/// makes the same states. When there are more sets than bits, <see cref="Reassign"/> gives them to those that save the most rows.
/// </remarks>
internal sealed class ClassBits(int count)
{
    private readonly Dictionary<string, int> _bits = [];
    private readonly Dictionary<string, PrefixSet> _contents = [];
    private readonly Dictionary<string, long> _savings = [];
    private bool _isShort;

    /// <summary>Grows when a bit means something else.</summary>
    public int Version { get; private set; }

    /// <summary>The bit of the set, or null when others have them all.</summary>
    /// <param name="identity">What stays the same when the set changes: its name; for a set without one its content.</param>
    /// <param name="rows">How many rows the test of the bit is in place of.</param>
    public int? Of(string identity, PrefixSet content, int rows)
    {
        _savings[identity] = _savings.GetValueOrDefault(identity) + rows;
        SetContent(identity, content);
        if (_bits.TryGetValue(identity, out var bit))
        {
            return bit;
        }

        if (_bits.Count == count)
        {
            _isShort = true;
            return null;
        }

        return Take(identity);
    }

    /// <summary>The content of the set that has the bit.</summary>
    public PrefixSet ContentOf(int bit) => _contents[_bits.First(pair => pair.Value == bit).Key];

    /// <summary>Whether the set has a bit: then it matters what is in it.</summary>
    public bool Has(string identity) => _bits.ContainsKey(identity);

    public void SetContent(string identity, PrefixSet content)
    {
        if (_contents.GetValueOrDefault(identity) != content)
        {
            _contents[identity] = content;
            Version++;
        }
    }

    /// <summary>Starts to count again what the sets save, before everything is evaluated anew.</summary>
    public void Begin()
    {
        _savings.Clear();
        _isShort = false;
    }

    /// <summary>Gives the bits to the sets that save most, if they have gone to others.</summary>
    /// <returns>Whether a bit has changed its meaning: nothing that was folded before is valid.</returns>
    public bool Reassign()
    {
        if (!_isShort)
        {
            return false;
        }

        var best = _savings.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(count).Select(pair => pair.Key).ToList();
        if (_bits.Keys.ToHashSet().SetEquals(best))
        {
            return false;
        }

        foreach (var identity in _bits.Keys.Except(best).ToList())
        {
            _bits.Remove(identity);
        }

        foreach (var identity in best.Where(identity => !_bits.ContainsKey(identity)))
        {
            Take(identity);
        }

        return true;
    }

    private int Take(string identity)
    {
        var hash = new StableHash();
        hash.Add(identity);
        var taken = _bits.Values.ToHashSet();
        var bit = Enumerable.Range(0, count).Select(probe => (int)((hash.Value + (uint)probe) % (uint)count)).First(free => !taken.Contains(free));
        _bits.Add(identity, bit);
        Version++;
        return bit;
    }
}
