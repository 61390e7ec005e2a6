using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>The deployment-wide settings; there is one row. Source: ovn-sb(5) SB_Global.</summary>
public sealed record SbGlobal : IRow<SbGlobal>
{
    public static string TableName => "SB_Global";

    public Guid Uuid { get; init; }

    public long NbCfg { get; init; }

    public bool Ipsec { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static SbGlobal Read(Guid uuid, RowReader columns, SbGlobal? old) => new()
    {
        Uuid = uuid,
        NbCfg = columns.LongNumber("nb_cfg", old?.NbCfg),
        Ipsec = columns.Boolean("ipsec", old?.Ipsec),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
