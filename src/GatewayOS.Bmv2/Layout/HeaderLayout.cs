namespace GatewayOS.Bmv2.Layout;

/// <summary>A header or metadata instance: its fields and its validity.</summary>
internal sealed class HeaderLayout(string name, string type, bool isMetadata, FieldLayout[] fields, FieldLayout validity)
{
    public string Name => name;

    public string Type => type;

    public bool IsMetadata => isMetadata;

    public FieldLayout[] Fields => fields;

    /// <summary>A one-bit field, the "hidden field" <c>$valid$</c>. It exists for metadata too, where it stays 0 and nobody asks.</summary>
    public FieldLayout Validity => validity;

    /// <summary>The limbs from here on, validity first, belong to this instance.</summary>
    public int FirstLimb => validity.Limb;

    public int LimbCount { get; } = 1 + fields.Sum(part => part.Limbs);

    /// <summary>In octets, without a field of variable size.</summary>
    public int FixedSize { get; } = fields.Where(part => !part.IsVariable).Sum(part => part.Width) / 8;

    public FieldLayout? Variable { get; } = Array.Find(fields, part => part.IsVariable);
}
