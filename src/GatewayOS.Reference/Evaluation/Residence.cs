using GatewayOS.Ovn.Rows;
using GatewayOS.Reference.Network;

namespace GatewayOS.Reference.Evaluation;

/// <summary>Which chassis has which ports (ovn-architecture(7); OVN's physical.c).</summary>
internal sealed class Residence(ReferenceNetwork network)
{
    /// <summary><c>is_chassis_resident("port")</c>: the port is bound to this chassis.</summary>
    public bool IsResident(string name, Chassis? here) =>
        here is null ? name.Length == 0 || network.Port(name) is not null
        : network.Port(name)?.Row.Chassis == here.Uuid;

    /// <summary>
    /// Whether output to the port is executed on the chassis itself. Patch, localnet and localport ports are everywhere; what is not bound at all
    /// is nowhere.
    /// </summary>
    public static bool IsLocal(ReferencePort port, Chassis? here) =>
        here is null || port.Row.Type is "patch" or "localnet" or "localport" || port.Row.Chassis == here.Uuid || port.Row.AdditionalChassis.Contains(here.Uuid);

    /// <summary>The chassis that the port is bound to, or null.</summary>
    public Chassis? Of(ReferencePort port) => network.Southbound.Chassis.Find(port.Row.Chassis);
}
