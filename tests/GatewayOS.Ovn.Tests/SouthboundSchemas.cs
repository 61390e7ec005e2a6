using System.Text.Json.Nodes;

namespace GatewayOS.Ovn.Tests;

/// <summary>The southbound schema of other versions of OVN, made from the one that Debian installs.</summary>
internal static class SouthboundSchemas
{
    public const string Path = "/usr/share/ovn/ovn-sb.ovsschema";

    public static string Installed => File.ReadAllText(Path);

    /// <summary>Without all that has come since OVN 22.03 (schema 20.21.0); nothing has gone since, up to schema 21.11.0.</summary>
    public static string Of2203
    {
        get
        {
            string[] since =
            [
                "ACL_ID", "Advertised_MAC_Binding", "Advertised_Route", "Chassis_Template_Var", "ECMP_Nexthop", "Learned_Route", "Mirror", "Static_MAC_Binding",
                "Address_Set.options", "BFD.chassis_name", "DNS.options", "Datapath_Binding.nb_uuid", "Datapath_Binding.type", "FDB.timestamp", "IGMP_Group.chassis_name",
                "IGMP_Group.protocol", "Load_Balancer.datapath_group", "Load_Balancer.lr_datapath_group", "Load_Balancer.ls_datapath_group", "Logical_Flow.flow_desc",
                "MAC_Binding.timestamp", "Port_Binding.additional_chassis", "Port_Binding.additional_encap", "Port_Binding.mirror_port", "Port_Binding.mirror_rules",
                "Port_Binding.port_security", "Port_Binding.requested_additional_chassis", "SB_Global.nb_cfg_timestamp", "SSL.ssl_ciphersuites", "Service_Monitor.chassis_name",
                "Service_Monitor.ic_learned", "Service_Monitor.logical_input_port", "Service_Monitor.mac", "Service_Monitor.remote", "Service_Monitor.type",
            ];
            return Changed("20.21.0", tables =>
            {
                foreach (var name in since)
                {
                    _ = name.Split('.') is [var table, var column] ? tables[table]!["columns"]!.AsObject().Remove(column) : tables.Remove(name);
                }
            });
        }
    }

    /// <summary>With a column more in every table, and a table more that refers to others.</summary>
    public static string OfTheFuture => Changed("99.0.0", tables =>
    {
        foreach (var (_, table) in tables)
        {
            table!["columns"]!.AsObject().Add("future", JsonNode.Parse("""{"type": {"key": "string", "value": "real", "min": 0, "max": "unlimited"}}"""));
        }

        tables.Add("Future", JsonNode.Parse("""{"columns": {"flow": {"type": {"key": {"type": "uuid", "refTable": "Logical_Flow"}}}}, "isRoot": true}"""));
    });

    private static string Changed(string version, Action<JsonObject> change)
    {
        var schema = JsonNode.Parse(Installed)!;
        schema["version"] = version;
        schema.AsObject().Remove("cksum");
        change(schema["tables"]!.AsObject());
        return schema.ToJsonString();
    }
}
