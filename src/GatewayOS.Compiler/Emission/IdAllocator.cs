namespace GatewayOS.Compiler.Emission;

/// <summary>Gives contents their numbers on the device: the same number to the same content for as long as it is used, whatever else changes.</summary>
/// <remarks>
/// The first choice follows from the content alone, so that a restarted agent finds its entries where it left them; where another content
/// had that number first, <see cref="Move"/> tells it. A number is not given to another content before <see cref="Sweep"/> has passed
/// twice without it: while a change is written, old and new states exist together (invariant I5).
/// </remarks>
public sealed class IdAllocator(uint first, uint count)
{
    private readonly Dictionary<UInt128, uint> _ids = [];
    private readonly Dictionary<uint, (UInt128 Content, int Age)> _owners = [];

    /// <summary>The number of a content (a <see cref="StableHash"/>), or null when all numbers are taken.</summary>
    public uint? IdOf(UInt128 content)
    {
        if (_ids.TryGetValue(content, out var known))
        {
            _owners[known] = (content, 0);
            return known;
        }

        for (uint probe = 0; probe < count && _owners.Count < count; probe++)
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

    /// <summary>Gives the contents of some numbers other ones, all at once; who has one of those and none to move to is numbered anew.</summary>
    public void Move(IReadOnlyDictionary<uint, uint> numbers)
    {
        var moved = new List<(UInt128 Content, uint To)>();
        foreach (var (from, to) in numbers)
        {
            if (_owners.Remove(from, out var owner))
            {
                _ids.Remove(owner.Content);
                moved.Add((owner.Content, to));
            }
        }

        foreach (var (content, to) in moved)
        {
            if (_owners.Remove(to, out var evicted))
            {
                _ids.Remove(evicted.Content);
            }

            _owners.Add(to, (content, 0));
            _ids.Add(content, to);
        }
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
