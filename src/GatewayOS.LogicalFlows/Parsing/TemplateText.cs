using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Replaces <c>^NAME</c> by the value of a chassis template variable, before parsing: a value may be any piece of text, so templates are not in
/// the trees.
/// </summary>
public static class TemplateText
{
    /// <summary>
    /// The text with the values of the southbound Chassis_Template_Var row of this chassis, or null when a variable has no value there: OVN
    /// then leaves the flow out. As in OVN, all else is kept token by token and without white space, unless there is no template at all.
    /// </summary>
    public static string? Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('^'))
        {
            return text;
        }

        var output = new StringBuilder(text.Length);
        var lexer = new Lexer(text, new StringPool());
        for (; !lexer.Is(TokenKind.End); lexer.Advance())
        {
            var token = lexer.Current;
            switch (token.Kind)
            {
                case TokenKind.Template when variables.TryGetValue(token.Text!, out var value):
                    output.Append(value);
                    break;
                case TokenKind.Template:
                    return null;
                case TokenKind.Error:
                    output.Append("error(").AppendQuoted(token.Text!).Append(')');
                    break;
                case TokenKind.QuotedText:
                    output.AppendQuoted(token.Text!);
                    break;
                default:
                    output.Append(lexer.CurrentText);
                    break;
            }
        }

        return output.ToString();
    }
}
