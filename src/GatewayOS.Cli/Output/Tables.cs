using Spectre.Console;

namespace GatewayOS.Cli.Output;

internal static class Tables
{
    /// <param name="title">Above the table.</param>
    /// <param name="columns">Their headings, and whether they hold numbers.</param>
    /// <param name="rows">Plain text.</param>
    public static Table Of(string title, (string Heading, bool IsNumber)[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Simple };
        foreach (var (heading, isNumber) in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)) { Alignment = isNumber ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }
}
