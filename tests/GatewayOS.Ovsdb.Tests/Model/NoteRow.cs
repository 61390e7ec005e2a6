using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovsdb.Tests.Model;

/// <summary>A row type of the tests' own.</summary>
internal sealed record NoteRow : IRow<NoteRow>
{
    public static string TableName => "Note";

    public Guid Uuid { get; init; }

    public string Body { get; init; } = "";

    public static NoteRow Read(Guid uuid, RowReader columns, NoteRow? old) => new()
    {
        Uuid = uuid,
        Body = columns.Text("body", old?.Body),
    };
}
