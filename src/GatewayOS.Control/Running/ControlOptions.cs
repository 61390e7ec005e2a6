using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Tracking;
using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Ovsdb;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Running;

/// <summary>What the agent is told beyond what OVS and OVN know.</summary>
/// <param name="OpenVSwitch">The remote of the local Open_vSwitch database.</param>
/// <param name="Tls">For ssl: remotes. For the southbound database the local SSL table comes before it.</param>
/// <param name="DeviceAddress">Where the device serves P4Runtime.</param>
/// <param name="DeviceId">Its P4Runtime device_id.</param>
/// <param name="ElectionId">The larger wins.</param>
/// <param name="Artefacts">The program that the device shall run.</param>
/// <param name="Pairs">The front ports.</param>
public sealed record ControlOptions(
    Remote OpenVSwitch, TlsFiles? Tls, string DeviceAddress, ulong DeviceId, ulong ElectionId, PipelineArtefacts Artefacts, EquatableArray<PortPair> Pairs)
{
    /// <summary>How long the device may take for a call before it is taken for lost.</summary>
    public TimeSpan DevicePatience { get; init; } = P4RuntimeSession.UsualPatience;

    /// <summary>Which connections go to the device.</summary>
    public OffloadOptions Connections { get; init; } = new();

    /// <summary>Whether floating IPs are translated without conntrack, see src/GatewayOS.Compiler/FloatingIps/README.md.</summary>
    public bool StatelessFloatingIps { get; init; }
}
