using System.Reflection;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;

namespace GatewayOS.Explain.Tests;

public sealed class RemediesTests
{
    public static TheoryData<string> CompilerReasons =>
    [
        .. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Where(constant => constant.IsLiteral).Select(constant => (string)constant.GetRawConstantValue()!),
    ];

    public static TheoryData<PuntReason> ProgramReasons => [.. Enum.GetValues<PuntReason>()];

    [Theory]
    [MemberData(nameof(CompilerReasons))]
    public void Every_reason_of_the_compiler_has_a_remedy_in_a_sentence(string reason) => AssertSentence(Remedies.For(reason));

    [Theory]
    [MemberData(nameof(ProgramReasons))]
    public void Every_reason_of_the_program_has_a_remedy_in_a_sentence(PuntReason reason) => AssertSentence(Remedies.For(reason));

    [Fact]
    public void The_action_may_have_a_remedy_of_its_own()
    {
        var nat = Remedies.For(Reasons.Conntrack, "ct_snat(172.16.0.1);");
        Assert.Contains("--stateless", nat, StringComparison.Ordinal);
        Assert.NotEqual(Remedies.For(Reasons.Conntrack, "ct_next;"), nat);
        Assert.Contains("--ecmp-symmetric-reply", Remedies.For(Reasons.Conntrack, "reg9[5] = chk_ecmp_nh(); ct_next;"), StringComparison.Ordinal);
        Assert.Equal(Remedies.For(Reasons.Generated), Remedies.For(Reasons.Generated, "icmp4 { next; };"));
    }

    [Fact]
    public void What_a_reason_is_about_does_not_hide_its_remedy()
    {
        Assert.Equal(Remedies.For(Reasons.Untestable), Remedies.For(Reasons.About(Reasons.Untestable, "ip.frag")));
        Assert.NotEqual(Remedies.For(Reasons.Untestable), Remedies.For(Reasons.About(Reasons.Untestable, "ip.ttl")));
        Assert.NotEqual(Remedies.For(Reasons.Generated), Remedies.For(Reasons.About(Reasons.Generated, "arp"), "arp { output; };"));
    }

    [Fact]
    public void A_reason_of_another_compiler_has_none()
    {
        Assert.Null(Remedies.For("something else"));
        Assert.Null(Remedies.For(99, new Dictionary<uint, string>()));
    }

    private static void AssertSentence(string? text)
    {
        Assert.NotNull(text);
        Assert.True(char.IsUpper(text[0]) && text[^1] == '.' && text.Length > 20, text);
    }
}
