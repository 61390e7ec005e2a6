using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Packets;

namespace GatewayOS.Reference.Evaluation;

/// <summary>What matches ask of a packet at a place.</summary>
internal sealed class MatchFacts(Residence residence, Place place, Packet packet) : IMatchFacts
{
    public UInt128 Read(StorageRoot root) => packet[root];

    // The register holds a tunnel key; within a datapath a name stands for it.
    public string? ReadPort(StorageRoot root)
    {
        var key = (int)(uint)packet[root];
        return key == 0 ? "" : place.Datapath.Port(key)?.Name ?? place.Datapath.Group(key)?.Row.Name;
    }

    public bool IsResident(string port) => residence.IsResident(port, place.Chassis);
}
