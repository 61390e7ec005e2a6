namespace GatewayOS.LogicalFlows;

/// <summary>Reads matches and actions of logical flows.</summary>
/// <remarks>
/// Never throws on input: what is not in the language gives an error in OVN's words. Keeps the strings it has seen, so that equal port
/// names are one object; therefore an instance must not be used by two threads at once.
/// </remarks>
public sealed class LogicalFlowParser(SymbolTable symbols)
{
    private readonly StringPool _pool = new();

    public LogicalFlowParser(LanguageVersion version = LanguageVersion.Any)
        : this(SymbolTable.For(version))
    {
    }

    public SymbolTable Symbols => symbols;

    /// <summary>
    /// Reads a match. <paramref name="sets"/> null keeps address sets and port groups symbolic, for
    /// <see cref="SetExpansion"/> or for a compiler that has tables for them; otherwise they are expanded, and one that does not exist is an error.
    /// </summary>
    public MatchResult ParseMatch(string text, INamedSets? sets = null)
    {
        var lexer = new Lexer(text, _pool);
        var match = new MatchParser(lexer, symbols, sets).Parse();
        lexer.ForceMatch(TokenKind.End);
        return lexer.Error is null ? new MatchResult(match, Error: null) : new MatchResult(Match: null, lexer.Error);
    }

    /// <summary>Reads actions as those of a flow in the given place.</summary>
    public ActionsResult ParseActions(string text, ActionContext context)
    {
        var lexer = new Lexer(text, _pool);
        var parser = new ActionParser(lexer, symbols, context);
        var actions = parser.Parse();
        return lexer.Error is null
            ? new ActionsResult([.. actions], parser.Prerequisites, Error: null)
            : new ActionsResult([], Prerequisites: null, lexer.Error);
    }
}
