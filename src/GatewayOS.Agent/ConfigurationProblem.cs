namespace GatewayOS.Agent;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">As the file spells it, with its table.</param>
/// <param name="Value">What is there; null if nothing is.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record ConfigurationProblem(string Key, string? Value, string Remedy)
{
    public override string ToString() => Value is null ? $"{Key} is missing: {Remedy}" : $"{Key} = {Value}: {Remedy}";
}
