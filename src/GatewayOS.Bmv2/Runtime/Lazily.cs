using System.Linq.Expressions;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A piece of the program that becomes machine code when it is first used or prepared. Compiling it twice at once is harmless.</summary>
internal sealed class Lazily<TDelegate>(Expression<TDelegate> source)
    where TDelegate : Delegate
{
    private volatile TDelegate? _code;

    public TDelegate Code => _code ?? Compile();

    public TDelegate Compile()
    {
        _code ??= source.Compile();
        return _code;
    }
}
