namespace GatewayOS.Compiler.Emission;

/// <summary>Gives contents their numbers on the device: the same number to the same content for as long as it is used, whatever else changes.</summary>
/// <remarks>
/// The first choice follows from the content alone, so that a restarted agent finds its entries where it left them. A number is
/// not given to another content before <see cref="Sweep"/> has passed twice without it: while a change is written, old and new
/// states exist together (invariant I5).
/// </remarks>
public sealed class IdAllocator(uint first, uint count)
{
    private readonly Dictionary<ulong, uint> _ids = [];
    private readonly Dictionary<uint, (ulong Content, int Age)> _owners = [];

    /// <summary>The number of a content (a <see cref="StableHash"/>), or null when all numbers are taken.</summary>
    public uint? IdOf(ulong content)
    {
        if (_ids.TryGetValue(content, out var known))
        {
            _owners[known] = (content, 0);
            return known;
        }

        for (ulong probe = 0; probe < count && _owners.Count < count; probe++)
        {
            var id = first + (uint)((content + probe) % count);
            if (_owners.TryAdd(id, (content, 0)))
            {
                _ids.Add(content, id);
                return id;
            }
        }

        return null;
    }

    /// <summary>Ends a compilation: numbers that two compilations in a row have not asked for are free again.</summary>
    public void Sweep()
    {
        foreach (var (id, (content, age)) in _owners.ToList())
        {
            if (age < 2)
            {
                _owners[id] = (content, age + 1);
            }
            else
            {
                _owners.Remove(id);
                _ids.Remove(content);
            }
        }
    }
}
