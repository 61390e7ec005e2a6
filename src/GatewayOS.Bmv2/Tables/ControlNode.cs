using GatewayOS.Bmv2.Runtime;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A step of a pipeline.</summary>
internal abstract class ControlNode
{
    private ControlNode()
    {
    }

    /// <summary>Does its work and says what comes next, null at the end.</summary>
    public abstract ControlNode? Execute(PacketState state);

    internal sealed class Condition(Lazily<PacketTest> test) : ControlNode
    {
        public ControlNode? WhenTrue { get; set; }

        public ControlNode? WhenFalse { get; set; }

        public override ControlNode? Execute(PacketState state) => test.Code(state) ? WhenTrue : WhenFalse;
    }

    internal sealed class Call(ActionDefinition action) : ControlNode
    {
        public ControlNode? Next { get; set; }

        public override ControlNode? Execute(PacketState state)
        {
            action.Execute(state, []);
            return Next;
        }
    }

    internal sealed class Apply(MatchTable table) : ControlNode
    {
        public override ControlNode? Execute(PacketState state) => table.Apply(state);
    }
}
