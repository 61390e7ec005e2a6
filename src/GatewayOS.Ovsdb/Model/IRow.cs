namespace GatewayOS.Ovsdb.Model;

/// <summary>One typed row of an OVSDB table: an immutable record that names its columns once, in <see cref="Read"/>.</summary>
public interface IRow<TSelf>
    where TSelf : class, IRow<TSelf>
{
    /// <summary>The name of the table in the schema.</summary>
    public static abstract string TableName { get; }

    public Guid Uuid { get; }

    /// <summary>Makes the row that results from an update.</summary>
    /// <param name="uuid">The row's identity.</param>
    /// <param name="columns">The columns the update carries. Each of the row's columns is asked for exactly once, also the
    /// unchanged ones: the monitor request lists what was asked for.</param>
    /// <param name="old">The row before a modification; null when the row is new.</param>
    public static abstract TSelf Read(Guid uuid, RowReader columns, TSelf? old);
}
