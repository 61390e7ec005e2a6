using GatewayOS.P4;

namespace GatewayOS.P4Runtime;

/// <summary>A key field of a table or a parameter of an action (then the kind is exact).</summary>
internal sealed record InfoField(uint Id, string Name, int Width, MatchKind Kind = MatchKind.Exact)
{
    /// <exception cref="FormatException">There is no such field.</exception>
    public static InfoField Find(InfoField[] fields, string name, string owner)
    {
        foreach (var field in fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        throw new FormatException($"{owner} has no field '{name}'");
    }

    /// <inheritdoc cref="Find(InfoField[], string, string)"/>
    public static InfoField Find(InfoField[] fields, uint id, string owner)
    {
        // p4c numbers fields 1, 2, ... in their order.
        if (id - 1 < (uint)fields.Length && fields[id - 1].Id == id)
        {
            return fields[id - 1];
        }

        return Array.Find(fields, field => field.Id == id) ?? throw new FormatException($"{owner} has no field {id}");
    }
}
