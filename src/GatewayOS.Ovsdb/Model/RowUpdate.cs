namespace GatewayOS.Ovsdb.Model;

/// <summary>The kinds of a row-update2 (ovsdb-server(7) 4.1.14); "initial" is read as an insertion.</summary>
internal enum RowUpdate
{
    Insert,
    Modify,
    Delete,
}
