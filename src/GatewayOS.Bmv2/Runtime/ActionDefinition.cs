using System.Linq.Expressions;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>An action of the program.</summary>
internal sealed class ActionDefinition(string name, int id, ActionParameter[] parameters, Expression<ActionCode> source)
{
    private readonly Lazily<ActionCode> _body = new(source);

    public string Name => name;

    public int Id => id;

    public ActionParameter[] Parameters => parameters;

    public int DataLimbs => parameters.Length == 0 ? 0 : parameters[^1].Limb + parameters[^1].Limbs;

    public void Execute(PacketState state, ulong[] data) => _body.Code(state, data);

    public void Prepare() => _body.Compile();
}
