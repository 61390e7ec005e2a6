using System.Text;

namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>Collects commands for ovn-nbctl(8).</summary>
internal sealed class NorthboundScript
{
    private readonly StringBuilder _text = new();
    private int _macs;

    public void Add(string line) => _text.AppendLine(line);

    /// <summary>An address of the network's own that nothing else has.</summary>
    public string NewMac()
    {
        _macs++;
        return $"02:aa:00:00:{_macs >> 8:x2}:{_macs & 255:x2}";
    }

    /// <summary>A switch on the provider network.</summary>
    public void ProviderSwitch(string name, int? vlan)
    {
        Add($"ls-add {name}");
        Add($"lsp-add {name} {name}-net");
        Add($"lsp-set-type {name}-net localnet");
        Add($"lsp-set-addresses {name}-net unknown");
        Add($"lsp-set-options {name}-net network_name=physnet1");
        if (vlan is { } tag)
        {
            Add($"set Logical_Switch_Port {name}-net tag_request={tag}");
        }
    }

    /// <summary>A router port <c>router-switch</c> and the switch port <c>switch-router</c> that it is plugged into.</summary>
    public void Join(string router, string @switch, params IEnumerable<string> addresses)
    {
        Add($"lrp-add {router} {router}-{@switch} {NewMac()} {string.Join(' ', addresses)}");
        Add($"lsp-add {@switch} {@switch}-{router}");
        Add($"lsp-set-type {@switch}-{router} router");
        Add($"lsp-set-addresses {@switch}-{router} router");
        Add($"lsp-set-options {@switch}-{router} router-port={router}-{@switch}");
    }

    /// <summary>The port of a VTEP switch, for machines that are known or not.</summary>
    public void VtepPort(string @switch, string name, params IEnumerable<string> addresses)
    {
        var mac = NewMac();
        Add($"lsp-add {@switch} {name}");
        Add($"lsp-set-type {name} vtep");
        Add($"lsp-set-options {name} vtep-physical-switch=tor vtep-logical-switch={@switch}");
        Add(addresses.ToList() is { Count: > 0 } all ? $"lsp-set-addresses {name} '{mac} {string.Join(' ', all)}' unknown" : $"lsp-set-addresses {name} unknown");
    }

    /// <summary>The port of a machine.</summary>
    /// <returns>Its MAC address.</returns>
    public string Machine(string @switch, string name, bool isSecured, params IEnumerable<string> addresses)
    {
        var mac = NewMac();
        var all = $"'{mac} {string.Join(' ', addresses)}'";
        Add($"lsp-add {@switch} {name}");
        Add($"lsp-set-addresses {name} {all}");
        if (isSecured)
        {
            Add($"lsp-set-port-security {name} {all}");
        }

        return mac;
    }

    public override string ToString() => _text.ToString();
}
