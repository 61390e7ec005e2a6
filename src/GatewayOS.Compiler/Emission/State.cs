using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Emission;

/// <summary>A lookup placed on a stage, with the rows that it has there.</summary>
/// <param name="weights">Of each row of a choice, the default included; empty for a lookup.</param>
/// <param name="steps">Where each row leads; the last is the default.</param>
/// <param name="content">What it does, all that is behind it included, whatever the numbers are.</param>
internal sealed class State(Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback, EquatableArray<int> weights, Step[] steps, UInt128 content)
{
    public Stage Stage => stage;

    public PacketClass Class => packetClass;

    public EquatableArray<int> Weights => weights;

    public Step[] Steps => steps;

    public UInt128 Content => content;

    /// <summary>The number of rows, the default included.</summary>
    public int Count => steps.Length;

    /// <summary>How many rows of other states and entry points lead here.</summary>
    public int Users { get; set; }

    public bool IsGone { get; set; }

    /// <summary>The nodes that it was made of: those that differ only in what a cause says in detail are one state, the first speaks for it.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>Its number and what that was given for; null when the device has no room.</summary>
    public Placed? Place { get; set; }

    /// <summary>The state whose place in the automaton it takes; forgotten when that is done.</summary>
    public State? Predecessor { get; set; }

    /// <summary>The state that takes its place.</summary>
    public State? Successor { get; set; }

    /// <summary>Whether it has its predecessor's number.</summary>
    public bool Inherits { get; set; }

    /// <summary>As written, in the order of the rows.</summary>
    public CompiledEntry[] Entries { get; set; } = [];

    /// <summary>The row, or the default as a row that tests nothing.</summary>
    public (Cube Cube, Edge Edge) Row(int index) => index < rows.Count ? (rows[index].Cube, rows[index].Edge) : (Cube.Any, fallback);

    /// <summary>Whether no packet has two rows, the default aside.</summary>
    public bool IsExact => Nodes is [var node, ..] && (node.Traits.IsExact || node.Traits.Shape == Shape.EthernetDestination);

    /// <summary>The larger wins; the default has 1.</summary>
    public int Priority(int index) => Count - index;
}
