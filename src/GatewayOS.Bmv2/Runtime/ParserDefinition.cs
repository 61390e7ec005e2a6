using GatewayOS.Bmv2.Loading;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>A parser: its states, and the checksums that are verified when it is done.</summary>
internal sealed class ParserDefinition
{
    /// <summary>bmv2 lets a parser that consumes nothing run forever; here it ends with ParserTimeout after so many states.</summary>
    private const int MaxSteps = 4096;

    private readonly Lazily<ParseStep>[] _states;
    private readonly int _initial;
    private readonly ParserErrors _errors;
    private readonly Checksum[] _checksums;

    public ParserDefinition(JsonPart part, ParserCompiler compiler, ParserErrors errors, Checksum[] checksums)
    {
        (_errors, _checksums) = (errors, checksums);
        var states = part["parse_states"].Items.ToArray();
        var numbers = new Dictionary<string, int>();
        foreach (var state in states)
        {
            if (!numbers.TryAdd(state["name"].Text, numbers.Count))
            {
                throw state.Error($"a second state is named '{state["name"].Text}'");
            }
        }

        _states = [.. states.Select(state => new Lazily<ParseStep>(compiler.Compile(state, numbers)))];
        var initial = part["init_state"];
        _initial = initial.IsNull ? -1
            : numbers.TryGetValue(initial.Text, out var number) ? number : throw initial.Error($"there is no parser state '{initial.Text}'");
    }

    /// <summary>Parses from the cursor on. Octets behind it are payload, also after an error.</summary>
    public void Parse(PacketState state)
    {
        state.ParserError = _errors.NoError;
        state.ChecksumError = false;
        var next = _initial;
        for (var steps = 0; next >= 0; steps++)
        {
            if (steps == MaxSteps)
            {
                state.ParserError = _errors.ParserTimeout;
                break;
            }

            next = _states[next].Code(state);
        }

        foreach (var checksum in _checksums)
        {
            state.ChecksumError |= !checksum.IsCorrect(state);
        }
    }

    public void Prepare()
    {
        foreach (var state in _states)
        {
            state.Compile();
        }
    }
}
