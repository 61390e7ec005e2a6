using GatewayOS.Compiler;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Running;
using GatewayOS.Control.Tracking;
using GatewayOS.Control.Views;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Control.Reporting;

/// <summary>What the agent knows and has done, as of one round.</summary>
public sealed record AgentState
{
    public static AgentState Starting { get; } = new();

    /// <summary>The system-id; null until it is known.</summary>
    public string? Chassis { get; init; }

    public DeviceState Device { get; init; } = new("connecting", "");

    public ConnectionState OpenVSwitch { get; init; } = new ConnectionState.Connecting();

    /// <summary>Null while no remote is known.</summary>
    public ConnectionState? SouthboundState { get; init; }

    public string? SouthboundRemote { get; init; }

    public BuiltView View { get; init; } = new(DeviceView.Empty, []);

    /// <summary>What should be on the device; null before the first compilation.</summary>
    public CompiledPipeline? Pipeline { get; init; }

    /// <summary>The database that <see cref="Pipeline"/> is for.</summary>
    public Southbound? Database { get; init; }

    /// <summary>What it was compiled from: the database, with what options change in it.</summary>
    public Southbound? Source { get; init; }

    /// <summary>What the device was last brought to; of use while this agent controls it.</summary>
    public CompiledPipeline? Installed { get; init; }

    /// <summary>Since when a next hop is not resolved (a timestamp), if one is not.</summary>
    public long? UnresolvedSince { get; init; }

    public TimeSpan CompileTime { get; init; }

    /// <summary>How many connections there are; null if none go to the device.</summary>
    public ConnectionCounts? Connections { get; init; }

    /// <summary>The last reconciliation; null before the first.</summary>
    public ReconcileReport? Report { get; init; }
}
