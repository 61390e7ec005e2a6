using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Network;

/// <summary>One thing that an evaluation depended on, besides logical flows.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InputKey(InputKind Kind, Guid Id, string? Name)
{
    public static InputKey Of(InputKind kind) => new(kind, Guid.Empty, null);

    public static InputKey Of(InputKind kind, Guid id) => new(kind, id, null);

    public static InputKey Of(InputKind kind, string name) => new(kind, Guid.Empty, name);
}
