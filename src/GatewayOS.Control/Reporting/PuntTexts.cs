using System.Globalization;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;

namespace GatewayOS.Control.Reporting;

/// <summary>The words for the cells of the counter <c>punts</c>.</summary>
internal static class PuntTexts
{
    public static string Reason(int reason, AgentState state) =>
        reason < PuntReasons.FirstOfCompiler && Enum.IsDefined((PuntReason)reason) ? PuntReasons.Describe((PuntReason)reason)
        : state.Pipeline?.Reasons.GetValueOrDefault((uint)reason) ?? string.Create(CultureInfo.InvariantCulture, $"reason {reason}, of an earlier agent");

    public static bool IsBackground(int reason, AgentState state) =>
        (PuntReason)reason is PuntReason.NotIp or PuntReason.GroupAddress or PuntReason.ControlProtocol || Reason(reason, state) is var text && (Reasons.Plain(text) == Reasons.LocalStack || Reasons.IsForMany(text));
}
