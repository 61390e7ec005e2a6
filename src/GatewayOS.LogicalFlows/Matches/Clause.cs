using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>One condition of a <see cref="Conjunction"/>, about one thing only.</summary>
public abstract record Clause
{
    private Clause()
    {
    }

    /// <summary>The root's bits are in one of the cubes.</summary>
    public sealed record Bits(StorageRoot Root, EquatableArray<MaskedValue> Cubes) : Clause
    {
        /// <summary>The address set (<c>$name</c>) whose members the cubes are, when they are nothing else. Not part of equality.</summary>
        public string? SetName { get; init; }

        public bool Equals(Bits? other) => other is not null && Root == other.Root && Cubes == other.Cubes;

        public override int GetHashCode() => HashCode.Combine(Root, Cubes);
    }

    /// <summary>The port field's root holds one of the ports.</summary>
    public sealed record Ports(StorageRoot Root, EquatableArray<string> Names) : Clause
    {
        /// <summary>The port group (<c>@name</c>) whose members the ports are, when they are nothing else. Not part of equality.</summary>
        public string? SetName { get; init; }

        public bool Equals(Ports? other) => other is not null && Root == other.Root && Names == other.Names;

        public override int GetHashCode() => HashCode.Combine(Root, Names);
    }

    /// <summary>The port is, or with <paramref name="IsNegated"/> is not, bound to this chassis.</summary>
    public sealed record Resident(string Port, bool IsNegated) : Clause;
}
