using System.Collections.Immutable;

namespace GatewayOS.Reference.Tests.Comparison;

/// <summary>Random conntrack results that can be.</summary>
internal static class States
{
    private static readonly string[] s_possible = ["new", "new", "est", "est", "est,rpl", "rel", "rel,rpl", "inv", "new,rel", "est,snat", "est,dnat", "est,rpl,dnat"];

    public static ImmutableArray<string> Possible(int count, int seed)
    {
        var numbers = new SeededNumbers(seed);
        return [.. Enumerable.Range(0, count).Select(_ => numbers.Pick(s_possible))];
    }
}
