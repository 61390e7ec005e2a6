using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Control;

/// <summary>What an entry of a table with an action profile refers to.</summary>
internal abstract class ProfileTarget
{
    private ProfileTarget()
    {
    }

    /// <summary>How many entries and groups refer to this.</summary>
    public int Users { get; set; }

    /// <summary>The member for this packet; null when there is none to choose.</summary>
    public abstract Member? Choose(Calculation? selector, PacketState state);

    /// <summary>A call with its arguments.</summary>
    /// <param name="id">As the controller gave it; null for one that an entry holds itself.</param>
    /// <param name="handle">bmv2's number: the lowest that was free. Groups order their members by it.</param>
    internal sealed class Member(uint? id, int handle) : ProfileTarget
    {
        public uint? Id => id;

        public int Handle => handle;

        public required ActionDefinition Action { get; set; }

        public required ulong[] Data { get; set; }

        public override Member Choose(Calculation? selector, PacketState state) => this;
    }

    /// <summary>Members among which a hash over the packet chooses, each as often as its weight.</summary>
    /// <param name="id">As the controller gave it; null for one that an entry holds itself.</param>
    internal sealed class Group(uint? id) : ProfileTarget
    {
        private Member[] _choices = [];

        public uint? Id => id;

        public int MaxSize { get; init; }

        public (Member Member, int Weight)[] Members { get; private set; } = [];

        public void Set((Member Member, int Weight)[] members)
        {
            Members = members;
            _choices = [.. members.SelectMany(member => Enumerable.Repeat(member.Member, member.Weight))];
        }

        public override Member? Choose(Calculation? selector, PacketState state) => _choices.Length switch
        {
            0 => null,
            1 => _choices[0],
            var count => _choices[(uint)(selector?.Compute(state) ?? 0) % (uint)count],
        };
    }
}
