using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>What compiled actions do to whole headers and stacks.</summary>
internal static class HeaderOperations
{
    /// <summary>The present size in octets.</summary>
    public static int SizeOf(PacketState state, HeaderLayout header) =>
        header.FixedSize + (header.Variable is { } field ? (int)(state.Fields[field.Limb] / 8) : 0);

    /// <summary>Makes a header valid with all fields 0; one that is valid stays as it is.</summary>
    public static void Add(PacketState state, HeaderLayout header)
    {
        if (state.Fields[header.Validity.Limb] == 0)
        {
            state.Fields.AsSpan(header.FirstLimb, header.LimbCount).Clear();
            state.Fields[header.Validity.Limb] = 1;
            state.Length += SizeOf(state, header);
        }
    }

    public static void Remove(PacketState state, HeaderLayout header)
    {
        if (state.Fields[header.Validity.Limb] != 0)
        {
            state.Length -= SizeOf(state, header);
            state.Fields[header.Validity.Limb] = 0;
        }
    }

    /// <summary>Copies fields and validity; a source that is not valid only makes the destination so.</summary>
    public static void Assign(PacketState state, HeaderLayout destination, HeaderLayout source)
    {
        if (state.Fields[source.Validity.Limb] == 0)
        {
            state.Fields[destination.Validity.Limb] = 0;
            return;
        }

        Copy(state, destination, source);
    }

    public static void AssignStack(PacketState state, StackLayout destination, StackLayout source)
    {
        state.Fields[destination.NextLimb] = state.Fields[source.NextLimb];
        for (var i = 0; i < destination.Elements.Length; i++)
        {
            Assign(state, destination.Elements[i], source.Elements[i]);
        }
    }

    public static void AssignVariable(PacketState state, FieldLayout destination, FieldLayout source)
    {
        state.Fields[destination.Limb] = state.Fields[source.Limb];
        Array.Copy(state.Variable, source.VariableOffset, state.Variable, destination.VariableOffset, (int)(state.Fields[source.Limb] / 8));
    }

    /// <summary>Moves all elements up by <paramref name="count"/>; the first ones become invalid, the last ones are lost.</summary>
    public static void Push(PacketState state, StackLayout stack, int count)
    {
        var size = stack.Elements.Length;
        state.Fields[stack.NextLimb] = Math.Min((ulong)size, state.Fields[stack.NextLimb] + (ulong)count);
        for (var i = size - 1; i >= count; i--)
        {
            Copy(state, stack.Elements[i], stack.Elements[i - count]);
        }

        for (var i = 0; i < Math.Min(count, size); i++)
        {
            state.Fields[stack.Elements[i].Validity.Limb] = 0;
        }
    }

    /// <summary>Moves all elements down by <paramref name="count"/>; the last ones become invalid, the first ones are lost.</summary>
    public static void Pop(PacketState state, StackLayout stack, int count)
    {
        var size = stack.Elements.Length;
        state.Fields[stack.NextLimb] -= Math.Min(state.Fields[stack.NextLimb], (ulong)count);
        for (var i = 0; i < size; i++)
        {
            if (i + count < size)
            {
                Copy(state, stack.Elements[i], stack.Elements[i + count]);
            }
            else
            {
                state.Fields[stack.Elements[i].Validity.Limb] = 0;
            }
        }
    }

    /// <summary>Stores (hash mod size) + base, as <c>hash</c> of v1model does; a size of 0 is taken for 1.</summary>
    public static ulong Hash(PacketState state, Calculation calculation, ulong start, ulong size) =>
        calculation.Compute(state) % Math.Max(size, 1) + start;

    private static void Copy(PacketState state, HeaderLayout destination, HeaderLayout source)
    {
        state.Fields.AsSpan(source.FirstLimb, source.LimbCount).CopyTo(state.Fields.AsSpan(destination.FirstLimb));
        if (source.Variable is { } from && destination.Variable is { } to)
        {
            AssignVariable(state, to, from);
        }
    }
}
