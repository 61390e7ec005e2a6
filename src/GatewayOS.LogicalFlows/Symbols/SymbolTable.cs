using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.LogicalFlows;

/// <summary>The fields and predicates that matches and actions may name.</summary>
/// <remarks>There is one table per language version; fields of different tables are different objects.</remarks>
public sealed class SymbolTable
{
    private static readonly FrozenDictionary<LanguageVersion, Lazy<SymbolTable>> s_tables =
        Enum.GetValues<LanguageVersion>().ToFrozenDictionary(version => version, version => new Lazy<SymbolTable>(() => new SymbolTable(version)));

    private readonly Dictionary<string, Field> _fields = [];
    private readonly Dictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private readonly Lazy<SymbolTable> _aclTranslation;

    private SymbolTable(LanguageVersion version)
    {
        Version = version;
        _lookup = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
        _aclTranslation = new Lazy<SymbolTable>(() => new SymbolTable(this));
        new SymbolDefinitions(this).DefineAll();
    }

    private SymbolTable(SymbolTable original)
    {
        Version = original.Version;
        _lookup = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
        _aclTranslation = new Lazy<SymbolTable>(this);
        foreach (var field in original.Fields)
        {
            Add(field);
        }

        new SymbolDefinitions(this).TranslateTransportFields();
    }

    public LanguageVersion Version { get; }

    /// <summary>Each field's predicates and prerequisites are defined before it.</summary>
    public IReadOnlyCollection<Field> Fields => _fields.Values;

    public static SymbolTable For(LanguageVersion version) => s_tables[version].Value;

    /// <summary>
    /// The table for matches of flows with the tag <c>acl_ct_translation=true</c>, where <c>tcp</c>, <c>udp.dst</c> and the like ask
    /// conntrack's original tuple, which later fragments have as well. Its other fields are this table's.
    /// </summary>
    public SymbolTable AclTranslation => _aclTranslation.Value;

    public bool TryGet(ReadOnlySpan<char> name, [MaybeNullWhen(false)] out Field field) => _lookup.TryGetValue(name, out field);

    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public Field this[string name] => _fields[name];

    internal void Add(Field field) => _fields[field.Name] = field;
}
