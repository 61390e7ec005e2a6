using GatewayOS.Bmv2.Control;
using GatewayOS.P4;
using Microsoft.Extensions.Time.Testing;

namespace GatewayOS.Bmv2.Tests;

/// <summary>Every feature by itself, on <c>programs/features.p4</c>; the first octet of a packet chooses the case.</summary>
public sealed class FeatureTests
{
    private const string Src = "0a0b0c0d0e0f";
    private static readonly string s_zeros = new('0', 32);

    private readonly FakeTimeProvider _time = new();
    private readonly SwitchMachine _machine;

    public FeatureTests() => _machine = Programs.Machine("features", _time);

    /// <summary>A work header: octet op, then a, b, s, n, m, w, v.</summary>
    private static string Work(int op, string a = "00", string b = "00", string s = "00", string m = "000", string? w = null, string? v = null) =>
        $"{op:x2}0000000001{Src}9000{a}{b}{s}0{m}00{w ?? s_zeros}{v ?? s_zeros}ff";

    private static FieldMatch.Exact Exact(string field, UInt128 value) => new(field, value);

    private static ActionCall Leave(int port) => new("leave", [new("port", (UInt128)port)]);

    private (int Port, string Octets) One(string packet, PacketTrace? trace = null) => Assert.Single(Collector.Run(_machine, 1, packet, trace));

    private void Insert(PipelineEntity entity) => Assert.Equal("", _machine.Insert(entity).Message);

    [Theory]
    [InlineData(1, "05", "0a", "81", "000", "00000000000000000000000000000001", "ffffffffffffffffffffffffffffffff",
        "fb", "00", "c0", "280", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff")]
    [InlineData(1, "0a", "ff", "7f", "fff", "80000000000000000000000000000000", "7fffffffffffffffffffffffffffffff",
        "0b", "37", "3f", "fc0", "ffffffffffffffffffffffffffffffff", "7fffffffffffffffffffffffffffffff")]
    [InlineData(2, "05", "0a", "81", "000", "00000000000000010000000000000003", "00000000000000000000000000000005",
        "fa", "0a", "7f", "000", "0000000000000005000000000000000f", "00000000000000abc000000000000005")]
    [InlineData(2, "00", "00", "80", "123", "ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff",
        "ff", "00", "80", "123", "00000000000000000000000000000001", "ffffffffffffffabcfffffffffffffff")]
    public void Arithmetic_wraps_saturates_and_keeps_signs(
        int op, string a, string b, string s, string m, string w, string v, string a2, string b2, string s2, string m2, string w2, string v2) =>
        Assert.Equal((2, Work(op, a2, b2, s2, m2, w2, v2)), One(Work(op, a, b, s, m, w, v)));

    [Theory]
    [InlineData("ff", 4)]
    [InlineData("7f", 2)]
    [InlineData("00", 2)]
    public void A_signed_field_below_zero_compares_so(string s, int port) => Assert.Equal(port, One(Work(22, s: s)).Port);

    [Fact]
    public void An_exact_entry_of_128_bits_hits_and_counts()
    {
        var entry = new TableEntry("exact_wide", [Exact("h.work.v", UInt128.MaxValue - 1)], 0, Leave(5));
        Insert(entry);
        Assert.Equal(ControlCode.AlreadyExists, _machine.Insert(entry).Code);
        var packet = Work(3, v: "fffffffffffffffffffffffffffffffe");

        Assert.Equal(5, One(packet).Port);
        Assert.Equal(9, One(Work(3, v: "ffffffffffffffffffffffffffffffff")).Port);
        Assert.Equal(new CounterValue(1, packet.Length / 2), _machine.Read(entry.Key)!.Counter);
        Assert.Equal(new CounterValue(2, packet.Length), _machine.ReadCounter("seen", 3));
    }

    [Fact]
    public void A_table_takes_as_many_entries_as_its_size()
    {
        Insert(new TableEntry("exact_wide", [Exact("h.work.v", 1)], 0, Leave(5)));
        Insert(new TableEntry("exact_wide", [Exact("h.work.v", 2)], 0, Leave(5)));
        var third = new TableEntry("exact_wide", [Exact("h.work.v", 3)], 0, Leave(5));

        Assert.Equal(ControlCode.ResourceExhausted, _machine.Insert(third).Code);
        Assert.True(_machine.Delete(new EntryKey("exact_wide", [Exact("h.work.v", 1)], 0)).IsOk);
        Insert(third);
        Assert.Equal(9, One(Work(3, v: $"{s_zeros[1..]}1")).Port);
    }

    [Theory]
    [InlineData("nowhere", 1, "there is no single table 'nowhere'", ControlCode.NotFound)]
    [InlineData("routes", 512, "the argument 'port' of 'I.leave' has more than 9 bits", ControlCode.InvalidArgument)]
    public void A_write_that_does_not_fit_is_refused_with_the_reason(string table, int port, string message, ControlCode code)
    {
        var result = _machine.Insert(new TableEntry(table, [Exact("h.work.a", 1)], 0, Leave(port)));

        Assert.Equal(new ControlResult(code, message), result);
    }

    [Fact]
    public void The_longest_prefix_wins_within_the_exact_part()
    {
        var net = (UInt128)0x20010db8 << 96;
        Insert(new TableEntry("routes", [Exact("h.work.a", 1)], 0, Leave(10)));
        Insert(new TableEntry("routes", [Exact("h.work.a", 1), new FieldMatch.Lpm("h.work.v", net, 32)], 0, Leave(11)));
        Insert(new TableEntry("routes", [Exact("h.work.a", 1), new FieldMatch.Lpm("h.work.v", net | 7, 128)], 0, Leave(12)));
        Insert(new TableEntry("routes", [Exact("h.work.a", 2), new FieldMatch.Lpm("h.work.v", net, 64)], 0, Leave(13)));

        int Port(string a, string v) => One(Work(4, a, v: v)).Port;
        Assert.Equal(10, Port("01", "20020db8000000000000000000000001"));
        Assert.Equal(11, Port("01", "20010db8000000000000000000000001"));
        Assert.Equal(12, Port("01", "20010db8000000000000000000000007"));
        Assert.Equal(13, Port("02", "20010db8000000000000000000000007"));
        Assert.Equal(9, Port("02", "20010db8000000010000000000000007"));
        Assert.Equal(9, Port("03", "20010db8000000000000000000000007"));
    }

    [Fact]
    public void The_highest_priority_wins_among_ternary_range_and_optional_matches()
    {
        Insert(new TableEntry("rules", [], 1, Leave(10)));
        Insert(new TableEntry("rules", [new FieldMatch.Ternary("h.work.a", 0x10, 0xf0)], 5, Leave(11)));
        Insert(new TableEntry("rules", [new FieldMatch.Range("h.work.m", 0x100, 0x1ff)], 4, Leave(12)));
        Insert(new TableEntry("rules", [new FieldMatch.Ternary("h.work.a", 0x10, 0xf0), new FieldMatch.Ternary("h.work.b", 7, 0xff)], 9, Leave(13)));
        Insert(new TableEntry("rules", [new FieldMatch.Ternary("h.tag[0].vid", 5, 0xfff)], 100, Leave(14)));

        Assert.Equal(10, One(Work(5, "20")).Port);
        Assert.Equal(11, One(Work(5, "1f", m: "180")).Port);
        Assert.Equal(12, One(Work(5, "2f", m: "1ff")).Port);
        Assert.Equal(13, One(Work(5, "10", "07")).Port);
        Assert.Equal(ControlCode.InvalidArgument, _machine.Insert(new TableEntry("rules", [], 0, Leave(1))).Code);
    }

    [Theory]
    [InlineData("01", 1)]
    [InlineData("02", 2)]
    [InlineData("03", 3)]
    public void Constant_entries_are_there_from_the_start_in_their_order(string a, int port)
    {
        Assert.Equal(port, One(Work(7, a)).Port);
        Assert.Equal(ControlCode.PermissionDenied, _machine.Insert(new TableEntry("fixed", [], 1, Leave(1))).Code);
    }

    [Fact]
    public void A_group_spreads_packets_over_its_members_and_a_member_in_use_stays()
    {
        Insert(new ProfileMember("choose", 1, Leave(20)));
        Insert(new ProfileMember("choose", 2, Leave(21)));
        Insert(new ProfileGroup("choose", 1, 0, [new GroupMember(1, 1), new GroupMember(2, 2)]));
        Insert(new TableEntry("balanced", [Exact("h.work.a", 1)], 0, new GroupReference(1)));
        Insert(new TableEntry("balanced", [Exact("h.work.a", 2)], 0, new MemberReference(2)));
        Insert(new TableEntry("balanced", [Exact("h.work.a", 3)], 0, new ActionSet([new WeightedCall(Leave(22), 1)])));

        var ports = Enumerable.Range(0, 300).Select(i => One(Work(6, "01", v: i.ToString("x32", null))).Port).ToArray();
        Assert.InRange(ports.Count(port => port == 20), 60, 140);
        Assert.Equal(300, ports.Count(port => port is 20 or 21));
        Assert.Equal(21, One(Work(6, "02")).Port);
        Assert.Equal(22, One(Work(6, "03")).Port);
        Assert.Equal(8, One(Work(6, "04")).Port);
        Assert.Equal(ControlCode.FailedPrecondition, _machine.Delete(new ProfileMemberKey("choose", 1)).Code);
        Assert.Equal(ControlCode.FailedPrecondition, _machine.Delete(new ProfileGroupKey("choose", 1)).Code);
    }

    [Fact]
    public void Header_stacks_grow_and_shrink()
    {
        Assert.Equal((2, $"080000000001{Src}810000050777bb"), One($"080000000001{Src}0777bb"));
        Assert.Equal((2, $"090000000001{Src}810000020777bb"), One($"090000000001{Src}8100 00018100 00020777bb".Replace(" ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_multicast_packet_leaves_by_every_replica_with_its_instance()
    {
        Insert(new MulticastGroup(7, [new Replica(3, 30), new Replica(4, 40)]));

        Assert.Equal(
            [(3, "0a0000000001001e00050003" + "1234aa"), (4, "0a0000000001002800050004" + "1234aa")],
            Collector.Run(_machine, 1, $"0a0000000001{Src}1234aa"));
    }

    [Fact]
    public void A_clone_is_the_packet_as_it_came_in()
    {
        Assert.True(_machine.SetMirror(5, new MirrorSession([new Replica(6, 60)], 0)).IsOk);

        Assert.Equal(
            [(6, "0b0000000001003c00010006" + "1234aa"), (2, "0b0000000001000000000002" + "1234aa")],
            Collector.Run(_machine, 1, $"0b0000000001{Src}1234aa"));
    }

    [Theory]
    [InlineData("0c", "0c0000000001000000000000" + "1234aa")]
    [InlineData("0d", "0d0000000002" + Src + "1234aa")]
    [InlineData("0e", "0e0000000001" + Src + "1234aa")]
    public void Resubmitted_and_recirculated_packets_keep_their_field_list(string op, string expected) =>
        Assert.Equal((2, expected), One($"{op}0000000001{Src}1234aa"));

    [Fact]
    public void Registers_keep_what_was_written()
    {
        var value = "0123456789abcdef0123456789abcdef";
        Assert.Equal(2, One(Work(14, v: value)).Port);
        Assert.Equal(Work(14, w: value), One(Work(14)).Octets);
        Assert.Equal(0, _machine.ReadRegister("cells", 3));
    }

    [Fact]
    public void A_meter_colours_by_its_rates_and_recovers_with_time()
    {
        _machine.ConfigureMeter("limits", 1, new MeterRates(1, 1, 2, 3));
        string Colour() => One(Work(15)).Octets[28..30];

        Assert.Equal(["00", "01", "01", "02"], Enumerable.Range(0, 4).Select(_ => Colour()));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["00", "01", "02"], Enumerable.Range(0, 3).Select(_ => Colour()));
    }

    [Fact]
    public void An_idle_entry_is_reported_once_until_it_is_hit()
    {
        Insert(new TableEntry("exact_wide", [Exact("h.work.v", 1)], 0, Leave(5)) { IdleTimeout = TimeSpan.FromSeconds(10) });
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(_machine.CollectIdle());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_machine.CollectIdle());
        Assert.Empty(_machine.CollectIdle());
        One(Work(3, v: $"{s_zeros[1..]}1"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_machine.CollectIdle());
    }

    [Fact]
    public void A_digest_carries_the_values_of_its_fields()
    {
        var collector = new Collector();
        _machine.Process(3, Convert.FromHexString($"110000000001{Src}1234"), collector);

        var (name, values) = Assert.Single(collector.Digests);
        Assert.Equal("digest_t", name);
        Assert.Equal([(UInt128)0x0a0b0c0d0e0f, 3], values);
    }

    [Fact]
    public void Packet_length_is_that_of_the_packet_received() =>
        Assert.Equal((2, "1300000010000000000000101234aabb"), One($"130000000000{Src}1234aabb"));

    [Fact]
    public void A_parser_error_leaves_the_packet_whole_and_ingress_runs()
    {
        var trace = new PacketTrace();

        Assert.Equal((2, $"16ffffffffff{Src}9000aabb"), One($"16ffffffffff{Src}9000aabb", trace));
        Assert.Equal(1UL, trace["standard_metadata.parser_error"]);
    }

    [Fact]
    public void A_dropped_packet_does_not_leave() => Assert.Empty(Collector.Run(_machine, 1, $"140000000001{Src}1234aa"));

    [Fact]
    public void Truncation_cuts_the_packet_that_leaves() =>
        Assert.Equal((2, $"120000000001{Src}1234aabbccddeeff"), One($"120000000001{Src}1234aabbccddeeff0011223344"));

    [Theory]
    [InlineData("03aabbcc" + "dd")]
    [InlineData("00" + "dd")]
    [InlineData("08aabbccddeeff0011" + "dd")]
    public void A_field_of_variable_size_goes_in_and_out(string options) =>
        Assert.Equal((2, $"160000000001{Src}9001{options}"), One($"160000000001{Src}9001{options}"));

    [Fact]
    public void A_checksum_over_the_payload_is_verified_and_updated()
    {
        // 0a0b + 0c0d + 0e0f + aabb = ce e2; the checksum of the source and the payload, its own field left out on update.
        Assert.Equal((2, $"160000000001{Src}9002311daabb"), One($"160000000001{Src}90020000aabb"));
        var trace = new PacketTrace();
        One($"160000000001{Src}9002311daabb", trace);
        Assert.Equal(0UL, trace["standard_metadata.checksum_error"]);
        One($"160000000001{Src}9002311eaabb", trace);
        Assert.Equal(1UL, trace["standard_metadata.checksum_error"]);
    }

    [Fact]
    public void A_value_set_decides_what_the_parser_does()
    {
        var packet = $"010000000001{Src}7777{Work(1, "05", "0a")[28..]}";
        Assert.NotEqual($"010000000001{Src}7777fb", One(packet).Octets[..30]);
        Assert.True(_machine.SetValueSet("known", [(0x7777, 0xffff)]).IsOk);
        Assert.Equal($"010000000001{Src}7777fb", One(packet).Octets[..30]);
    }
}
