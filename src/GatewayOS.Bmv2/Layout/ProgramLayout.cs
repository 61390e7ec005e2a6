using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Layout;

/// <summary>All headers, metadata and stacks of a program, and where each of their fields lives.</summary>
internal sealed class ProgramLayout
{
    /// <summary>The widest register that is supported, in bits.</summary>
    public const int MaxRegisterWidth = 1024;

    private readonly Dictionary<string, HeaderLayout> _headers = [];
    private readonly Dictionary<string, StackLayout> _stacks = [];
    private readonly Dictionary<(string, string), FieldLayout> _fields = [];
    private readonly Dictionary<string, FieldLayout> _aliases = [];

    private ProgramLayout()
    {
    }

    public IReadOnlyCollection<HeaderLayout> Headers => _headers.Values;

    public int LimbCount { get; private set; }

    public int VariableSize { get; private set; }

    /// <summary>Limbs that belong to no header: where a stack index out of bounds leads, and room for a value on its way.</summary>
    public int NowhereLimb { get; private set; }

    /// <exception cref="ProgramFormatException">The program needs header unions, or contradicts itself.</exception>
    public static ProgramLayout Load(JsonPart root)
    {
        var layout = new ProgramLayout();
        RejectUnions(root);
        var types = HeaderTypes(root);
        var byId = new Dictionary<int, HeaderLayout>();
        foreach (var part in root["headers"].Items)
        {
            var typeName = part["header_type"].Text;
            var type = types.TryGetValue(typeName, out var found)
                ? found
                : throw part.Error($"the header type '{typeName}' is not defined");
            var header = layout.Place(part["name"].Text, typeName, part["metadata"].Boolean, type);
            byId[part["id"].Integer] = header;
            if (!layout._headers.TryAdd(header.Name, header))
            {
                throw part.Error($"a second header is named '{header.Name}'");
            }

            foreach (var field in header.Fields.Append(header.Validity))
            {
                layout._fields[(field.Header, field.Name)] = field;
            }
        }

        foreach (var part in root.Optional("header_stacks"))
        {
            var elements = part["header_ids"].Items
                .Select(id => byId.TryGetValue(id.Integer, out var header) ? header : throw id.Error("no header has this id"))
                .ToArray();
            layout._stacks[part["name"].Text] = new StackLayout(part["name"].Text, elements, layout.LimbCount++);
        }

        foreach (var alias in root.Optional("field_aliases"))
        {
            layout._aliases[alias[0].Text] = layout.Field(alias[1]);
        }

        layout.NowhereLimb = layout.LimbCount;
        layout.LimbCount += layout._headers.Values.Select(header => header.LimbCount).Append(MaxRegisterWidth / 64).Max();
        return layout;
    }

    public HeaderLayout Header(JsonPart name) => _headers.TryGetValue(name.Text, out var header)
        ? header
        : throw name.Error($"there is no header '{name.Text}'");

    public StackLayout Stack(JsonPart name) => _stacks.TryGetValue(name.Text, out var stack)
        ? stack
        : throw name.Error($"there is no header stack '{name.Text}'");

    /// <param name="reference">A pair such as <c>["ipv4", "ttl"]</c>.</param>
    public FieldLayout Field(JsonPart reference) => _fields.TryGetValue((reference[0].Text, reference[1].Text), out var field)
        ? field
        : throw reference.Error($"there is no field '{reference[0].Text}.{reference[1].Text}'");

    public static FieldLayout StackField(StackLayout stack, JsonPart name) => Array.Find(stack.Elements[0].Fields, field => field.Name == name.Text)
        ?? throw name.Error($"the elements of '{stack.Name}' have no field '{name.Text}'");

    /// <summary>
    /// Finds a field by the name the target gives it (<c>intrinsic_metadata.mcast_grp</c>), by its own (<c>ipv4.ttl</c>) or, as p4c
    /// renames the fields of metadata structures, by the last component of a metadata field (<c>meta.reason</c>), if only one has it.
    /// </summary>
    public FieldLayout? Find(string name)
    {
        if (_aliases.TryGetValue(name, out var field))
        {
            return field;
        }

        var dot = name.LastIndexOf('.');
        if (dot >= 0 && _fields.TryGetValue((name[..dot], name[(dot + 1)..]), out field))
        {
            return field;
        }

        var last = name[(dot + 1)..];
        var candidates = _headers.Values
            .Where(header => header.IsMetadata)
            .SelectMany(header => header.Fields)
            .Where(candidate => candidate.Name == last || candidate.Name.EndsWith($".{last}", StringComparison.Ordinal))
            .ToArray();
        return candidates.Length == 1 ? candidates[0] : null;
    }

    private static void RejectUnions(JsonPart root)
    {
        foreach (var union in root.Optional("header_unions"))
        {
            throw union.Error("header unions are not supported");
        }
    }

    private static Dictionary<string, TypeField[]> HeaderTypes(JsonPart root)
    {
        var types = new Dictionary<string, TypeField[]>();
        foreach (var type in root["header_types"].Items)
        {
            if (type.Find("length_exp") is { IsNull: false } expression)
            {
                throw expression.Error("a length expression in a header type (P4-14) is not supported");
            }

            var fields = type["fields"].Items.Select(field => TypeField.Read(field, type)).ToArray();
            types[type["name"].Text] = fields;
        }

        return types;
    }

    private HeaderLayout Place(string name, string type, bool isMetadata, TypeField[] fields)
    {
        var validity = new FieldLayout { Header = name, Name = "$valid$", Width = 1, Signed = false, Limb = LimbCount++, ValidityLimb = -1 };
        var placed = new FieldLayout[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            placed[i] = new FieldLayout
            {
                Header = name,
                Name = field.Name,
                Width = field.Width,
                Signed = field.Signed,
                Limb = LimbCount,
                ValidityLimb = isMetadata ? -1 : validity.Limb,
                VariableOffset = field.Variable ? VariableSize : -1,
            };
            LimbCount += placed[i].Limbs;
            VariableSize += field.Variable ? field.Width / 8 : 0;
        }

        return new HeaderLayout(name, type, isMetadata, placed, validity);
    }

    private readonly record struct TypeField(string Name, int Width, bool Signed, bool Variable)
    {
        public static TypeField Read(JsonPart field, JsonPart type)
        {
            var parts = field.Items.ToArray();
            var variable = parts[1].Element.ValueKind == System.Text.Json.JsonValueKind.String;
            var width = variable ? VariableWidth(type) : parts[1].Integer;
            return new TypeField(parts[0].Text, width, parts.Length > 2 && parts[2].Boolean, variable);
        }

        /// <summary>The largest size of the header (octets) less its other fields.</summary>
        private static int VariableWidth(JsonPart type) => type["max_length"].Integer * 8 - type["fields"].Items
            .Where(field => field[1].Element.ValueKind == System.Text.Json.JsonValueKind.Number)
            .Sum(field => field[1].Integer);
    }
}
