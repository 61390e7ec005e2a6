using CsCheck;

namespace GatewayOS.LogicalFlows.Tests;

/// <summary>Random matches over few fields with few values, so that comparisons overlap, and random packets for them.</summary>
internal static class MatchGenerator
{
    private static readonly string[] s_fields = ["reg0", "reg1", "xreg0", "xxreg0", "ip4.src", "tcp.dst", "eth.dst", "ct.est", "vlan.vid"];

    public static Gen<Expr> Matches { get; } = Text(depth: 3).Select(Parse).Where(match => match is not null).Select(match => match!);

    public static Gen<IMatchFacts> Facts { get; } = Gen.ULong.Array[12].Select(seeds => (IMatchFacts)new RandomFacts(seeds));

    private static Expr? Parse(string text) => new LogicalFlowParser().ParseMatch(text, Samples.Sets).Match;

    private static Gen<string> Text(int depth)
    {
        var comparison = Gen.Select(
            OneOf.Values(s_fields),
            Gen.Int[0, 7],
            OneOf.Values("==", "!=", "<", "<=", ">", ">="),
            Gen.Int[0, 9],
            Gen.Bool,
            (field, bit, relop, value, isSlice) => $"{field}{(isSlice && field != "ct.est" ? $"[{bit}..{bit + 3}]" : "")} {relop} {value}");
        var leaf = Gen.OneOf(
            comparison,
            Gen.Int[0, 3].Select(Gen.Int[0, 9], (low, high) => $"{low} < tcp.dst <= {low + high}"),
            OneOf.Values("ip4", "tcp", "ct.new", "!ct.trk", "eth.mcast", "vlan.present", "1", "0", "ip4.src == $set1", "ip4.src != $set1"),
            OneOf.Values("inport == \"lsp1\"", "inport == @pg1", "is_chassis_resident(\"lsp1\")", "!is_chassis_resident(\"lsp2\")"));
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Text(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(OneOf.Values(" && ", " || "), inner.Array[2, 3], (separator, parts) => string.Join(separator, parts.Select(part => $"({part})"))),
            inner.Select(part => $"!({part})"));
    }

    private sealed class RandomFacts(ulong[] seeds) : IMatchFacts
    {
        public UInt128 Read(StorageRoot root)
        {
            // Small values most of the time, in every 32-bit word, since matches ask for those.
            var seed = seeds[Math.Abs(root.Name[^1] + root.Width + root.Name.Length) % seeds.Length];
            var value = root.Name switch
            {
                "eth.type" => seed % 3 == 0 ? 0x86ddU : 0x800U,
                "ip.proto" => seed % 3 == 0 ? 17U : 6U,
                "ip4.src" => seed % 2 == 0 ? 0x0a000000 + (UInt128)(seed % 5) : seed % 10,
                _ => (UInt128)(seed & 0xf) | (UInt128)(seed >> 4 & 0xf) << 32 | (UInt128)(seed >> 8 & 0xf) << 64 | (UInt128)(seed >> 12 & 0xf) << 96
                    | (UInt128)(seed >> 16 & 1) << 12 | (UInt128)(seed >> 17 & 1) << 40,
            };
            return value & UInt128.MaxValue >> (128 - root.Width);
        }

        public string? ReadPort(StorageRoot root) => (seeds[0] % 4) switch
        {
            0 => "lsp1",
            1 => "lsp2",
            2 => "other",
            _ => null,
        };

        public bool IsResident(string port) => seeds[1] % 2 == 0;
    }
}
