namespace GatewayOS.Compiler.Symbolic;

/// <summary>What a <see cref="SymbolicState"/> knows beside fields, as a set.</summary>
[Flags]
public enum Marks
{
    None = 0,
    InPort = 1,
    OutPort = 2,
    From = 4,
    Routers = 8,
    MaxLength = 16,
    InPortHidden = 32,
    Crossings = 64,
    HasOtherAddresses = 128,
    ByPatchPort = 256,
    HasMeter = 512,
    HasMeter2 = 1024,
}
