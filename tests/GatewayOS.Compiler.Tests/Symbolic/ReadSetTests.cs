using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Symbolic;

/// <summary>What an evaluation asked of a state, and which other states are the same to it.</summary>
public sealed class ReadSetTests
{
    private static readonly SymbolTable s_symbols = SymbolTable.For(LanguageVersion.Any);
    private static readonly StorageBits s_reg0 = s_symbols["reg0"].Whole.Bits;
    private static readonly StorageBits s_reg1 = s_symbols["reg1"].Whole.Bits;
    private static readonly RootCatalog s_roots = new(PacketClass.Ipv4);

    [Fact]
    public void States_agree_when_they_hold_the_same_where_it_was_asked()
    {
        var reads = Reads(State().With(s_reg0, Bits.Constant(32, 7)), state => _ = state[s_reg0]);

        Assert.True(Agree(reads, State().With(s_reg0, Bits.Constant(32, 7)), State().With(s_reg0, Bits.Constant(32, 7)).With(s_reg1, Bits.Constant(32, 1))));
        Assert.False(Agree(reads, State().With(s_reg0, Bits.Constant(32, 7)), State().With(s_reg0, Bits.Constant(32, 8))));
        Assert.True(Agree(reads, State("vm1"), State("vm2")));
    }

    [Fact]
    public void What_was_written_before_it_was_asked_is_no_question()
    {
        var reads = Reads(State(), state => _ = state.With(s_reg0, Bits.Constant(32, 7))[s_reg0]);

        Assert.Equal(0, reads.Fields.Length);
    }

    [Fact]
    public void Of_a_register_written_in_part_the_rest_is_asked()
    {
        var low = new StorageBits(s_reg0.Root, s_reg0.Offset, 16);
        var reads = Reads(State(), state => _ = state.With(low, Bits.Constant(16, 7))[s_reg0]);

        Assert.Equal((UInt128)0xffff0000 << s_reg0.Offset, reads.Fields[0].Mask);
    }

    [Fact]
    public void Cleared_registers_are_no_question_and_headers_still_are()
    {
        var reads = Reads(State(), state =>
        {
            var cleared = state.Cleared(RootKind.Register);
            _ = cleared[s_reg0];
            _ = cleared[s_symbols["eth.dst"].Whole.Bits];
        });

        Assert.Equal("eth.dst", s_roots.Name(Assert.Single(reads.Fields.ToArray()).Root));
    }

    [Fact]
    public void A_later_evaluation_asks_the_state_that_an_earlier_one_began_with_less_what_that_wrote()
    {
        var later = Reads(State(), state => _ = (state[s_reg0], state[s_reg1], state.InPort, state.OutPort));
        var log = new ReadLog();
        log.Add(later, State().Enter(log).With(s_reg0, Bits.Constant(32, 1)).WithOutPort("vm2"));
        var reads = new ReadSets().Of(log);

        Assert.Equal(Marks.InPort, reads.Marks);
        Assert.True(Agree(reads, State().With(s_reg0, Bits.Constant(32, 1)), State().With(s_reg0, Bits.Constant(32, 2))));
        Assert.False(Agree(reads, State().With(s_reg1, Bits.Constant(32, 1)), State().With(s_reg1, Bits.Constant(32, 2))));
    }

    [Fact]
    public void Equal_parts_hash_alike_however_the_whole_is_cut()
    {
        var whole = Bits.Constant(32, 0x00070001);
        var mixed = Bits.Alias(32, KeyField.Destination).With(16, Bits.Constant(16, 7));

        Assert.True(whole.Agrees(mixed, 0xffff0000));
        Assert.Equal(whole.HashUnder(0xffff0000), mixed.HashUnder(0xffff0000));
        Assert.False(whole.Agrees(mixed, 0x0001ffff));
    }

    private static bool Agree(ReadSet reads, SymbolicState left, SymbolicState right)
    {
        var agree = reads.Equals(left, right);
        Assert.True(!agree || reads.GetHashCode(left) == reads.GetHashCode(right));
        return agree;
    }

    private static ReadSet Reads(SymbolicState state, Action<SymbolicState> evaluation)
    {
        var log = new ReadLog();
        evaluation(state.Enter(log));
        return new ReadSets().Of(log);
    }

    private static SymbolicState State(string inPort = "vm1") =>
        new(s_roots, inPort, "", new Passage(new Origin.Port(1, inPort), 0, 0, int.MaxValue, InPortHidden: false));
}
