using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>The files for ssl: remotes (ovs-vsctl set-ssl). Source: ovs-vswitchd.conf.db(5) SSL.</summary>
public sealed record TlsSettings : IRow<TlsSettings>
{
    public static string TableName => "SSL";

    public Guid Uuid { get; init; }

    public string PrivateKey { get; init; } = "";

    public string Certificate { get; init; } = "";

    public string CaCert { get; init; } = "";

    public bool BootstrapCaCert { get; init; }

    public static TlsSettings Read(Guid uuid, RowReader columns, TlsSettings? old) => new()
    {
        Uuid = uuid,
        PrivateKey = columns.Text("private_key", old?.PrivateKey),
        Certificate = columns.Text("certificate", old?.Certificate),
        CaCert = columns.Text("ca_cert", old?.CaCert),
        BootstrapCaCert = columns.Boolean("bootstrap_ca_cert", old?.BootstrapCaCert),
    };
}
