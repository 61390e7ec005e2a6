using GatewayOS.Reference.Tests.Peers;

namespace GatewayOS.Reference.Tests;

/// <summary>A network with a bit of everything that flows do, as northbound commands.</summary>
/// <remarks>
/// <code>
///   external -- public (localnet, VLAN 100) -- lr0 (gateway port on gw1) -- sw0: vm0a on hv1, vm0b on hv2, any0 (unknown address)
///                   |                               \-- sw1: vm1a on hv1, vm1b on hv2
///                   \-- gr (gateway router on gw1) -- join -- lr0
/// </code>
/// Stateful and stateless ACLs, one that rejects, SNAT, floating IPs, a load balancer, DHCP, ECMP routes, learned neighbours.
/// </remarks>
internal static class SmallNetwork
{
    public const string Northbound = """
        ls-add sw0
        ls-add sw1
        ls-add public
        ls-add join
        lr-add lr0
        lr-add gr
        set Logical_Router gr options:chassis=gw1
        lrp-add lr0 lrp-sw0 02:aa:00:00:00:01 10.0.0.1/24 2001:db8:0::1/64
        lrp-add lr0 lrp-sw1 02:aa:00:00:01:01 10.0.1.1/24 2001:db8:1::1/64
        lrp-add lr0 lrp-pub 02:aa:00:00:02:01 172.16.0.1/24 2001:db8:f::1/64
        lrp-add lr0 lrp-join 02:aa:00:00:03:01 100.64.0.1/24
        lrp-add gr gr-join 02:aa:00:00:03:02 100.64.0.2/24
        lrp-add gr gr-pub 02:aa:00:00:02:02 172.16.0.2/24
        lrp-set-gateway-chassis lrp-pub gw1 20
        lsp-add sw0 sw0-lr0
        lsp-add sw1 sw1-lr0
        lsp-add public pub-lr0
        lsp-add public pub-gr
        lsp-add join join-lr0
        lsp-add join join-gr
        lsp-set-type sw0-lr0 router
        lsp-set-type sw1-lr0 router
        lsp-set-type pub-lr0 router
        lsp-set-type pub-gr router
        lsp-set-type join-lr0 router
        lsp-set-type join-gr router
        lsp-set-addresses sw0-lr0 router
        lsp-set-addresses sw1-lr0 router
        lsp-set-addresses pub-lr0 router
        lsp-set-addresses pub-gr router
        lsp-set-addresses join-lr0 router
        lsp-set-addresses join-gr router
        lsp-set-options sw0-lr0 router-port=lrp-sw0
        lsp-set-options sw1-lr0 router-port=lrp-sw1
        lsp-set-options pub-lr0 router-port=lrp-pub
        lsp-set-options pub-gr router-port=gr-pub
        lsp-set-options join-lr0 router-port=lrp-join
        lsp-set-options join-gr router-port=gr-join
        lsp-add public pub-ln
        lsp-set-type pub-ln localnet
        lsp-set-addresses pub-ln unknown
        lsp-set-options pub-ln network_name=physnet1
        set Logical_Switch_Port pub-ln tag_request=100
        lsp-add sw0 vm0a
        lsp-set-addresses vm0a '02:00:00:00:00:11 10.0.0.11 2001:db8::11'
        lsp-set-port-security vm0a '02:00:00:00:00:11 10.0.0.11 2001:db8::11'
        lsp-add sw0 vm0b
        lsp-set-addresses vm0b '02:00:00:00:00:12 10.0.0.12 2001:db8::12'
        lsp-add sw0 any0
        lsp-set-addresses any0 unknown
        lsp-add sw1 vm1a
        lsp-set-addresses vm1a '02:00:00:00:01:11 10.0.1.11 2001:db8:1::11'
        lsp-set-port-security vm1a 02:00:00:00:01:11
        lsp-add sw1 vm1b
        lsp-set-addresses vm1b '02:00:00:00:01:12 10.0.1.12 2001:db8:1::12'
        lr-nat-add lr0 snat 172.16.0.10 10.0.0.0/24
        lr-nat-add lr0 dnat_and_snat 172.16.0.51 10.0.1.12
        lr-nat-add gr snat 172.16.0.20 10.0.1.0/24
        lr-route-add lr0 0.0.0.0/0 172.16.0.100
        lr-route-add lr0 ::/0 2001:db8:f::100
        --ecmp lr-route-add lr0 192.168.0.0/16 100.64.0.2
        --ecmp lr-route-add lr0 192.168.0.0/16 10.0.0.12
        lr-route-add gr 0.0.0.0/0 172.16.0.100
        lr-route-add gr 10.0.0.0/16 100.64.0.1
        lr-policy-add lr0 100 'ip4.src == 10.0.1.11 && ip4.dst == 9.9.9.9' drop
        pg-add pg0 vm0a vm0b
        acl-add pg0 to-lport 1001 'outport == @pg0 && ip' drop
        acl-add pg0 to-lport 1002 'outport == @pg0 && ip4 && icmp4' allow-related
        acl-add pg0 to-lport 1002 'outport == @pg0 && tcp && tcp.dst == {22, 80, 443}' allow-related
        acl-add pg0 to-lport 1002 'outport == @pg0 && ip4.src == $pg0_ip4' allow-related
        acl-add pg0 from-lport 1002 'inport == @pg0 && ip' allow-related
        acl-add sw1 to-lport 1000 'ip4 && udp.dst == 53' allow-stateless
        acl-add sw1 to-lport 1000 'tcp.dst == 23 || udp.dst == 23' reject
        --log --name=logged acl-add sw1 to-lport 1000 'tcp.dst == 25' drop
        lb-add lb0 172.16.0.80:80 10.0.0.11:8080,10.0.1.11:8080 tcp
        lb-add lb1 10.96.0.1:443 10.0.0.12:443,10.0.1.12:443 tcp
        lr-lb-add lr0 lb0
        ls-lb-add sw0 lb0
        ls-lb-add sw0 lb1
        ls-lb-add sw1 lb1
        """;

    public static OvnCentral Start()
    {
        var central = new OvnCentral();
        try
        {
            foreach (var (chassis, address) in new[] { ("hv1", "172.31.0.11"), ("hv2", "172.31.0.12"), ("gw1", "172.31.0.13") })
            {
                central.ConfigureSouthbound("chassis-add", chassis, "geneve", address);
                central.ConfigureSouthbound(
                    "set", "Chassis", chassis, "other_config:ct-no-masked-label=true", "other_config:mac-binding-timestamp=true", "other_config:ovn-ct-lb-related=true");
            }

            central.Configure(Northbound);
            foreach (var (port, chassis) in new[] { ("vm0a", "hv1"), ("vm0b", "hv2"), ("any0", "hv1"), ("vm1a", "hv1"), ("vm1b", "hv2"), ("cr-lrp-pub", "gw1") })
            {
                central.ConfigureSouthbound("lsp-bind", port, chassis);
            }

            foreach (var port in new[] { "gr-join", "gr-pub", "join-gr", "pub-gr" })
            {
                central.ConfigureSouthbound("lsp-bind", port, "gw1");
            }

            foreach (var (port, ip, mac) in new[] { ("lrp-pub", "172.16.0.100", "02:ee:00:00:00:01"), ("gr-pub", "172.16.0.100", "02:ee:00:00:00:01"), ("lrp-pub", "2001:db8:f::100", "02:ee:00:00:00:01") })
            {
                central.Bind(port, ip, mac);
            }

            return central;
        }
        catch
        {
            central.Dispose();
            throw;
        }
    }
}
