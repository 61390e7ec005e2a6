namespace GatewayOS.Compiler.Emission;

/// <summary>Gives contents their numbers on the device: the same number to the same content for as long as it is used, whatever else changes.</summary>
/// <remarks>
/// The first choice follows from the content alone, so that a restarted agent finds its entries where it left them; where another content
/// had that number first, <see cref="Move"/> tells it. A number that nobody uses any more is not given to another content before
/// <see cref="Sweep"/> has passed twice: while a change is written, old and new states exist together (invariant I5).
/// </remarks>
public sealed class IdAllocator(uint first, uint count)
{
    private readonly Dictionary<UInt128, Owner> _owners = [];
    private readonly Dictionary<uint, Owner> _taken = [];
    private readonly Queue<(Owner Owner, int Sweep)> _unused = [];
    private int _sweeps;

    /// <summary>The number of a content (a <see cref="StableHash"/>) for one more user, or null when all numbers are taken.</summary>
    /// <param name="content">What it is the number of.</param>
    /// <param name="atMost">If not all numbers will do: how many of the first.</param>
    public uint? Take(UInt128 content, uint atMost = uint.MaxValue)
    {
        var range = Math.Min(count, atMost);
        if (_owners.TryGetValue(content, out var known))
        {
            known.Users++;
            return known.Id;
        }

        for (uint probe = 0; probe < range && _taken.Count < count; probe++)
        {
            var id = first + (uint)((content + probe) % range);
            if (!_taken.ContainsKey(id))
            {
                Add(new Owner { Content = content, Users = 1 }, id);
                return id;
            }
        }

        return null;
    }

    /// <summary>One user less. A content that has no number any more (<see cref="Move"/>) has none to give back.</summary>
    public void Release(UInt128 content)
    {
        if (_owners.TryGetValue(content, out var owner) && --owner.Users == 0)
        {
            owner.UnusedSince = _sweeps;
            _unused.Enqueue((owner, _sweeps));
        }
    }

    /// <summary>All users are gone; who takes a number again before it is free gets the one it had.</summary>
    public void ReleaseAll()
    {
        foreach (var owner in _taken.Values.Where(owner => owner.Users > 0))
        {
            owner.Users = 1;
            Release(owner.Content);
        }
    }

    /// <summary>Hands the number of a content on to one that has none, which takes its place on the device.</summary>
    public void Inherit(UInt128 from, UInt128 to)
    {
        var owner = _owners[from];
        _owners.Remove(from);
        _owners.Add(to, owner);
        owner.Content = to;
    }

    /// <summary>The number of a content, or null if it has none.</summary>
    public uint? IdOf(UInt128 content) => _owners.GetValueOrDefault(content)?.Id;

    /// <summary>Who uses the number of the content.</summary>
    public int UsersOf(UInt128 content) => _owners.GetValueOrDefault(content)?.Users ?? 0;

    /// <summary>Gives the contents of some numbers other ones, all at once; who has one of those and none to move to is numbered anew.</summary>
    public void Move(IReadOnlyDictionary<uint, uint> numbers)
    {
        var moved = new List<(Owner Owner, uint To)>();
        foreach (var (from, to) in numbers)
        {
            if (_taken.Remove(from, out var owner))
            {
                _owners.Remove(owner.Content);
                moved.Add((owner, to));
            }
        }

        foreach (var (owner, to) in moved)
        {
            if (_taken.Remove(to, out var evicted))
            {
                _owners.Remove(evicted.Content);
            }

            Add(owner, to);
        }
    }

    /// <summary>Ends a compilation.</summary>
    public void Sweep()
    {
        _sweeps++;
        while (_unused.TryPeek(out var oldest) && oldest.Sweep + 2 < _sweeps)
        {
            _unused.Dequeue();
            if (oldest.Owner is { Users: 0 } owner && owner.UnusedSince == oldest.Sweep && ReferenceEquals(_owners.GetValueOrDefault(owner.Content), owner))
            {
                _owners.Remove(owner.Content);
                _taken.Remove(owner.Id);
            }
        }
    }

    private void Add(Owner owner, uint id)
    {
        owner.Id = id;
        _taken.Add(id, owner);
        _owners.Add(owner.Content, owner);
    }

    private sealed class Owner
    {
        public UInt128 Content { get; set; }

        public uint Id { get; set; }

        public int Users { get; set; }

        public int UnusedSince { get; set; }
    }
}
