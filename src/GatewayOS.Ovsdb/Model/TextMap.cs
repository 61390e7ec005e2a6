using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Ovsdb.Model;

/// <summary>A small immutable map from string to string that compares by content: an OVSDB <c>external_ids</c> or <c>options</c> column.</summary>
/// <remarks>Sorted by key (ordinal) and stored as key, value, key, value: most maps have one to five entries.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a map in OVSDB's words.")]
public sealed class TextMap : IReadOnlyDictionary<string, string>, IEquatable<TextMap>
{
    private readonly string[] _pairs;

    private TextMap(string[] pairs) => _pairs = pairs;

    public static TextMap Empty { get; } = new([]);

    public int Count => _pairs.Length / 2;

    public IEnumerable<string> Keys => this.Select(pair => pair.Key);

    public IEnumerable<string> Values => this.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The map has no key '{key}'.");

    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public static TextMap Of(params IEnumerable<(string Key, string Value)> entries)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            sorted.Add(key, value);
        }

        return FromSorted(sorted);
    }

    /// <summary>The value of a key, or null.</summary>
    public string? Find(string key) => TryGetValue(key, out var value) ? value : null;

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            if (string.Equals(_pairs[i], key, StringComparison.Ordinal))
            {
                value = _pairs[i + 1];
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            yield return new(_pairs[i], _pairs[i + 1]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(TextMap? other) =>
        ReferenceEquals(this, other) || (other is not null && _pairs.AsSpan().SequenceEqual(other._pairs));

    public override bool Equals(object? obj) => Equals(obj as TextMap);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var text in _pairs)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"{{{string.Join(", ", this.Select(pair => $"{pair.Key}={pair.Value}"))}}}";

    /// <summary>Wraps key, value, key, value ... in any order; the array is taken over and sorted.</summary>
    internal static TextMap Take(string[] pairs)
    {
        // Insertion sort: the server sends maps sorted, and they are small.
        for (var i = 2; i < pairs.Length; i += 2)
        {
            for (var j = i; j > 0 && string.CompareOrdinal(pairs[j - 2], pairs[j]) > 0; j -= 2)
            {
                (pairs[j - 2], pairs[j - 1], pairs[j], pairs[j + 1]) = (pairs[j], pairs[j + 1], pairs[j - 2], pairs[j - 1]);
            }
        }

        return pairs.Length == 0 ? Empty : new(pairs);
    }

    /// <summary>Applies a difference (ovsdb-server(7) 4.1.14): equal pairs vanish, other keys are set.</summary>
    internal TextMap Toggle(TextMap difference)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in this)
        {
            entries[key] = value;
        }

        foreach (var (key, value) in difference)
        {
            if (entries.TryGetValue(key, out var current) && string.Equals(current, value, StringComparison.Ordinal))
            {
                entries.Remove(key);
            }
            else
            {
                entries[key] = value;
            }
        }

        return FromSorted(entries);
    }

    private static TextMap FromSorted(SortedDictionary<string, string> entries)
    {
        var pairs = new string[entries.Count * 2];
        var i = 0;
        foreach (var (key, value) in entries)
        {
            (pairs[i], pairs[i + 1]) = (key, value);
            i += 2;
        }

        return pairs.Length == 0 ? Empty : new(pairs);
    }
}
