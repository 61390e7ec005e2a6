using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>What the LPM tables of the class bits must say.</summary>
internal static class ClassRows
{
    /// <summary>The longest prefix of an address has the bits of all sets that the address is in, so that one hit is enough.</summary>
    /// <param name="bits">The bits that are tested, with the sets they stand for.</param>
    public static IEnumerable<(AddressPrefix Prefix, ulong Bits)> Of(IEnumerable<(int Bit, PrefixSet Content)> bits, int width)
    {
        var own = new SortedDictionary<AddressPrefix, ulong>(AddressPrefix.Order);
        foreach (var (bit, content) in bits)
        {
            foreach (var prefix in content.Prefixes)
            {
                own[prefix] = own.GetValueOrDefault(prefix) | 1UL << bit;
            }
        }

        // In order, the prefixes around the current one are the top of the stack.
        var around = new Stack<(AddressPrefix Prefix, ulong Bits)>();
        foreach (var (prefix, bitsOfOwn) in own)
        {
            while (around.TryPeek(out var outer) && !outer.Prefix.Contains(prefix, width))
            {
                around.Pop();
            }

            var inherited = around.TryPeek(out var parent) ? parent.Bits : 0;
            around.Push((prefix, inherited | bitsOfOwn));
            if ((inherited | bitsOfOwn) != inherited)
            {
                yield return (prefix, inherited | bitsOfOwn);
            }
        }
    }

    /// <summary>The table and action for a field.</summary>
    public static (string Table, Func<ulong, ActionCall> Action) Target(PacketClass packetClass, KeyField field) => (packetClass.IsIpv6(), field) switch
    {
        (false, KeyField.SourceClass) => (TableNames.SrcClass4, PipelineActions.SetSrcClass),
        (false, _) => (TableNames.DstClass4, PipelineActions.SetDstClass),
        (_, KeyField.SourceClass) => (TableNames.SrcClass6, PipelineActions.SetSrcClass),
        _ => (TableNames.DstClass6, PipelineActions.SetDstClass),
    };
}
