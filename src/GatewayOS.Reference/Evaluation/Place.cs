using System.Runtime.InteropServices;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Reference.Network;

namespace GatewayOS.Reference.Evaluation;

/// <summary>Where a packet is: a table of a pipeline of a datapath, as executed by a chassis (null: all chassis as one).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(ReferenceDatapath Datapath, Pipeline Pipeline, int Table, Chassis? Chassis)
{
    public Place Next => this with { Table = Table + 1 };
}
