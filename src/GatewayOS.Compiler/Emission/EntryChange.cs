namespace GatewayOS.Compiler.Emission;

/// <summary>How the entry of one key differs from the compilation before: added (no old one), gone (no new one), or another action or other flows.</summary>
public sealed record EntryChange(CompiledEntry? Old, CompiledEntry? New);
