using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>What <c>^NAME</c> stands for on a chassis. Source: ovn-sb(5) Chassis_Template_Var.</summary>
public sealed record ChassisTemplateVar : IRow<ChassisTemplateVar>
{
    public static string TableName => "Chassis_Template_Var";

    public Guid Uuid { get; init; }

    /// <summary>The chassis' name.</summary>
    public string Chassis { get; init; } = "";

    public TextMap Variables { get; init; } = TextMap.Empty;

    public static ChassisTemplateVar Read(Guid uuid, RowReader columns, ChassisTemplateVar? old) => new()
    {
        Uuid = uuid,
        Chassis = columns.Text("chassis", old?.Chassis),
        Variables = columns.Map("variables", old?.Variables),
    };
}
