namespace GatewayOS.Bmv2;

/// <summary>A bmv2 JSON that is malformed, contradicts itself or needs something this switch does not have.</summary>
/// <param name="path">Where in the document, such as <c>$.actions[3].primitives[0]</c>.</param>
/// <param name="problem">What is wrong there.</param>
public sealed class ProgramFormatException(string path, string problem) : Exception($"{path}: {problem}")
{
    /// <summary>Where in the document, such as <c>$.actions[3].primitives[0]</c>.</summary>
    public string Path { get; } = path;
}
