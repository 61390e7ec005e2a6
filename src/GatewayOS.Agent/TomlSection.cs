using System.Globalization;
using Tomlyn.Model;

namespace GatewayOS.Agent;

/// <summary>A table of the file; remembers which keys were asked for, and notes what is wrong.</summary>
internal sealed class TomlSection(string name, TomlTable? table, List<ConfigurationProblem> problems)
{
    private readonly HashSet<string> _asked = [];

    public bool IsPresent => table is not null;

    public TomlSection Section(string key)
    {
        var value = Find(key);
        if (value is not (null or TomlTable))
        {
            Problem(key, Text(value), $"write a table: [{key}]");
        }

        return new TomlSection(key, value as TomlTable, problems);
    }

    public IReadOnlyList<TomlSection> Sections(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case TomlTableArray array:
                return [.. array.Select((item, index) => new TomlSection(string.Create(CultureInfo.InvariantCulture, $"{key}[{index}]"), item, problems))];
            case var other:
                Problem(key, Text(other), $"write [[{key}]] above each");
                return [];
        }
    }

    /// <summary>The value of a text key, or its default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">Null if the key must be there.</param>
    /// <param name="remedy">What to write.</param>
    /// <param name="read">The meaning of the text; null if it has none.</param>
    public T? Read<T>(string key, string? fallback, string remedy, Func<string, T?> read)
        where T : class
    {
        var value = Find(key) ?? fallback;
        if (value is null)
        {
            problems.Add(new ConfigurationProblem(NameOf(key), null, remedy));
            return null;
        }

        if (value is string text && read(text) is { } meaning)
        {
            return meaning;
        }

        Problem(key, Text(value), remedy);
        return null;
    }

    /// <param name="key">The key.</param>
    /// <param name="fallback">Null if the key must be there.</param>
    /// <param name="lowest">The least allowed.</param>
    /// <param name="highest">The greatest allowed.</param>
    public ulong Number(string key, ulong? fallback, ulong lowest, ulong highest = long.MaxValue)
    {
        var remedy = highest == long.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"write a number of at least {lowest}")
            : string.Create(CultureInfo.InvariantCulture, $"write a number from {lowest} to {highest}");
        switch (Find(key))
        {
            case null when fallback is { } standard:
                return standard;
            case null:
                problems.Add(new ConfigurationProblem(NameOf(key), null, remedy));
                return 0;
            case long number and >= 0 when (ulong)number >= lowest && (ulong)number <= highest:
                return (ulong)number;
            case var other:
                Problem(key, Text(other), remedy);
                return 0;
        }
    }

    /// <summary>The value of a key that is true or false, or its default.</summary>
    public bool Flag(string key, bool fallback)
    {
        var value = Find(key);
        if (value is not (null or bool))
        {
            Problem(key, Text(value), "write true or false");
        }

        return value as bool? ?? fallback;
    }

    /// <summary>Whether the key is there.</summary>
    public bool IsGiven(string key) => Find(key) is not null;

    /// <summary>Notes the keys that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var key in (table?.Keys ?? []).Where(key => !_asked.Contains(key)))
        {
            Problem(key, Text(table![key]), $"there is no such key; remove it, or use {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    public void Problem(string key, string value, string remedy) => problems.Add(new ConfigurationProblem(NameOf(key), value, remedy));

    private object? Find(string key)
    {
        _asked.Add(key);
        return table is not null && table.TryGetValue(key, out var value) ? value : null;
    }

    private string NameOf(string key) => name.Length == 0 ? key : $"{name}.{key}";

    private static string Text(object? value) => value switch
    {
        string text => $"\"{text}\"",
        TomlTable => "a table",
        TomlTableArray => "a list of tables",
        TomlArray => "a list",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
