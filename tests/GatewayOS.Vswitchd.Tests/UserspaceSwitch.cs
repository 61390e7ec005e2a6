using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Vswitchd.Tests;

/// <summary>
/// An ovs-vswitchd with its userspace datapath in a namespace of its own, and machines at ports 1 (10.0.0.1, 2001:db8::1) and 2 (10.0.0.2, 10.0.0.99, 2001:db8::2). Connections
/// of port 1 are committed in zone 5 with mark 7 and label 0x1234, and 10.0.0.99 is translated to 10.0.0.2.
/// </summary>
internal sealed class UserspaceSwitch : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly List<string> _networks = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("gwt-ovs-").FullName;
    private readonly string _name = $"gwt-{Guid.NewGuid().ToString("n")[..8]}";

    private UserspaceSwitch()
    {
    }

    public UnixctlClient Vswitchd => new($"{_folder}/v.ctl");

    /// <summary>That of the bridge.</summary>
    public string ManagementSocket => $"{_folder}/br0.mgmt";

    public static UserspaceSwitch Start()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Network namespaces need root.");
            Assert.SkipUnless(File.Exists("/usr/sbin/ovs-vswitchd"), "Open vSwitch is not installed.");
        }

        var started = new UserspaceSwitch();
        try
        {
            started.Build();
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    public Socket Bound(int machine, SocketType type, string address, int port = 0)
    {
        var socket = NetworkNamespace.Run(NetworkNamespace.PathOf($"{_name}-{machine}"), () =>
            new Socket(IPAddress.Parse(address).AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp));
        _open.Add(socket);
        (socket.SendTimeout, socket.ReceiveTimeout) = (5000, 5000);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        return socket;
    }

    public void Run(string program, string arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OVS_RUNDIR"] = _folder;
        using var process = _networks.Contains(_name)
            ? NetworkNamespace.Run(NetworkNamespace.PathOf(_name), () => Process.Start(start)!)
            : Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        // A daemon inherits the output and keeps it open: wait for the end of the process, not of the stream.
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), $"{program} {arguments} does not end");
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {(process.ExitCode == 0 ? "" : process.StandardError.ReadToEnd())}");
    }

    public void Dispose()
    {
        _open.ForEach(item => item.Dispose());
        foreach (var pid in Directory.GetFiles(_folder, "*.pid"))
        {
            using var daemon = Process.GetProcessById(int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture));
            daemon.Kill();
            daemon.WaitForExit();
        }

        foreach (var network in _networks.ToList())
        {
            _networks.Remove(network);
            Run("ip", $"netns delete {network}");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Build()
    {
        foreach (var network in new[] { $"{_name}-1", $"{_name}-2", _name })
        {
            Run("ip", $"netns add {network}");
            _networks.Add(network);
        }

        var daemon = "--detach --no-chdir";
        Run("ovsdb-tool", $"create {_folder}/conf.db /usr/share/openvswitch/vswitch.ovsschema");
        Run("ovsdb-server", $"--remote=punix:{_folder}/db.sock --unixctl={_folder}/db.ctl --pidfile={_folder}/db.pid --log-file={_folder}/db.log {daemon} {_folder}/conf.db");
        Run("ovs-vsctl", $"--db=unix:{_folder}/db.sock --no-wait init");
        Run("ovs-vswitchd", $"--disable-system --unixctl={_folder}/v.ctl --pidfile={_folder}/v.pid --log-file={_folder}/v.log {daemon} unix:{_folder}/db.sock");
        foreach (var machine in new[] { 1, 2 })
        {
            Run("ip", "-batch -", $"link add m{machine} type veth peer name eth0 netns {_name}-{machine}\nlink set m{machine} up\n");
            Run("ip", $"-n {_name}-{machine} -batch -", $"addr add 10.0.0.{machine}/24 dev eth0\n{(machine == 2 ? "addr add 10.0.0.99/24 dev eth0\n" : "")}"
                + $"addr add 2001:db8::{machine}/64 dev eth0 nodad\nlink set eth0 up\n");
            // Open vSwitch's userspace datapath hands on packets as they are: the kernel must not leave checksums out.
            Run("ip", $"netns exec {_name}-{machine} ethtool -K eth0 tx off");
        }

        Run("ovs-vsctl", $"--db=unix:{_folder}/db.sock --timeout=30 add-br br0 -- set Bridge br0 datapath_type=netdev -- add-port br0 m1 -- add-port br0 m2");
        Run("ovs-ofctl", "-O OpenFlow13 add-flows br0 -", """
            table=0,priority=10,arp,actions=normal
            table=0,priority=10,icmp6,icmp_type=135,actions=normal
            table=0,priority=10,icmp6,icmp_type=136,actions=normal
            table=0,priority=5,ip,actions=ct(table=1,zone=5,nat)
            table=0,priority=5,ipv6,actions=ct(table=1,zone=5,nat)
            table=1,priority=2,in_port=1,ip,nw_dst=10.0.0.99,ct_state=+trk+new,actions=ct(commit,zone=5,nat(dst=10.0.0.2),exec(set_field:0x7->ct_mark,set_field:0x1234/0xffff->ct_label)),2
            table=1,priority=1,in_port=1,ct_state=+trk+new,ip,actions=ct(commit,zone=5),2
            table=1,priority=1,in_port=1,ct_state=+trk+new,ipv6,actions=ct(commit,zone=5),2
            table=1,in_port=1,ct_state=+trk+est,ip,actions=2
            table=1,in_port=2,ct_state=+trk+est,ip,actions=1
            table=1,in_port=1,ct_state=+trk+est,ipv6,actions=2
            table=1,in_port=2,ct_state=+trk+est,ipv6,actions=1

            """);
    }
}
