using GatewayOS.Compiler;
using GatewayOS.Core;

namespace GatewayOS.Control.Views;

/// <summary>A device view, and what keeps it from being more.</summary>
/// <param name="View">For the compiler.</param>
/// <param name="Remarks">Sentences for the operator: which port or tunnel is left to OVS, why, and what to change.</param>
public sealed record BuiltView(DeviceView View, EquatableArray<string> Remarks);
