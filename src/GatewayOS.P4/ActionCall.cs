using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>An action of the pipeline with its arguments, in the order of the action's parameters.</summary>
public sealed record ActionCall(string Name, EquatableArray<ActionArgument> Arguments) : TableAction
{
    /// <summary>The value of the named argument.</summary>
    /// <exception cref="KeyNotFoundException">The call has no such argument.</exception>
    public UInt128 this[string name]
    {
        get
        {
            foreach (var argument in Arguments)
            {
                if (argument.Name == name)
                {
                    return argument.Value;
                }
            }

            throw new KeyNotFoundException($"{this} has no argument '{name}'");
        }
    }

    public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";
}
