using System.Numerics;
using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Expressions;

/// <summary>An expression of the program. Numbers are whole numbers without bounds, as in bmv2; only a field cuts what is stored in it.</summary>
internal abstract record Node
{
    private Node()
    {
    }

    public sealed record Number(BigInteger Value) : Node;

    public sealed record Truth(bool Value) : Node;

    public sealed record Field(FieldLayout Layout) : Node;

    /// <summary>A field of the element of a stack with a computed index; without an index, of the last element extracted.</summary>
    public sealed record StackField(StackLayout Stack, Node? Index, FieldLayout Shape) : Node
    {
        /// <summary>Where the field is within an element.</summary>
        public int LimbInElement => Shape.Limb - Stack.Elements[0].FirstLimb;
    }

    /// <summary>A parameter of the action, from the limb of the action data on.</summary>
    public sealed record Parameter(int Limb, int Width) : Node;

    /// <summary>How many elements of a stack are in use, less <paramref name="Less"/>.</summary>
    public sealed record StackCount(StackLayout Stack, int Less) : Node;

    /// <summary>Whether both headers are valid and their fields are equal.</summary>
    public sealed record SameHeader(HeaderLayout Left, HeaderLayout Right) : Node;

    public sealed record Operation(Operator Operator, Node? Left, Node Right, Node? Condition = null) : Node;

    public bool IsBoolean => this is Truth or SameHeader or Operation
    {
        Operator: Operator.Equal or Operator.NotEqual or Operator.Less or Operator.LessOrEqual or Operator.Greater
            or Operator.GreaterOrEqual or Operator.SameBool or Operator.DifferentBool or Operator.And or Operator.Or
            or Operator.Not or Operator.ToBool,
    };
}
