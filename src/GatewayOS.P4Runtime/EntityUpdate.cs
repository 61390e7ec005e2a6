using System.Runtime.InteropServices;
using GatewayOS.P4;

namespace GatewayOS.P4Runtime;

/// <summary>One update of a write. A deletion uses only the entity's key.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EntityUpdate(UpdateKind Kind, PipelineEntity Entity);
