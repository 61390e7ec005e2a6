using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>The numbers that the program gives the errors of core.p4; all ones for one that it does not declare, as in bmv2.</summary>
internal sealed class ParserErrors
{
    public ParserErrors(JsonPart root)
    {
        var numbers = root.Optional("errors").ToDictionary(error => error[0].Text, error => (ulong)error[1].Integer);
        ulong Of(string name) => numbers.TryGetValue(name, out var number) ? number : uint.MaxValue;
        NoError = Of("NoError");
        PacketTooShort = Of("PacketTooShort");
        StackOutOfBounds = Of("StackOutOfBounds");
        HeaderTooShort = Of("HeaderTooShort");
        ParserTimeout = Of("ParserTimeout");
        ParserInvalidArgument = Of("ParserInvalidArgument");
    }

    public ulong NoError { get; }

    public ulong PacketTooShort { get; }

    public ulong StackOutOfBounds { get; }

    public ulong HeaderTooShort { get; }

    public ulong ParserTimeout { get; }

    public ulong ParserInvalidArgument { get; }
}
