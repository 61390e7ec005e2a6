namespace GatewayOS.LogicalFlows;

/// <summary>What a match is evaluated on: a packet with its metadata, at one place.</summary>
public interface IMatchFacts
{
    /// <summary>The bits of a root; 0 where the packet has no such header.</summary>
    public UInt128 Read(StorageRoot root);

    /// <summary>The name of the port that a port field's root holds, or null.</summary>
    public string? ReadPort(StorageRoot root);

    public bool IsResident(string port);
}
