using GatewayOS.Compiler;
using GatewayOS.Connections;
using GatewayOS.Control.Tracking;
using GatewayOS.P4;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>What becomes of connections on the device when no packets come, and when they come again.</summary>
public sealed class SilentConnectionTests : FloatingIpConnections
{
    private static readonly OffloadOptions s_options = new();
    private static readonly TimeSpan s_refresh = s_options.KeepAlive + TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionDevice _device = new();
    private readonly Tracker _tracker = new();
    private readonly ConnectionKeeper _keeper;
    private readonly ConnectionActivity _activity;
    private readonly RestingConnections _resting;

    public SilentConnectionTests(RoutedNetwork network)
        : base(network) => (_keeper, _activity, _resting) = (Keeper(), new ConnectionActivity(s_options, _time), new RestingConnections(_time));

    private (int Offloaded, int Resting) Directions => (_keeper.Counts.Offloaded, _keeper.Counts.Resting);

    [Fact]
    public async Task What_meets_packets_is_refreshed_once_for_both_directions()
    {
        var connection = await OffloadAsync(TransportProtocol.Udp);
        await PassAsync(s_refresh);
        await PassAsync(s_refresh);
        Assert.Equal([connection, connection], _tracker.Refreshed);
        Assert.Equal((2, 0), Directions);
    }

    [Fact]
    public async Task Who_is_silent_is_left_to_OVS_before_its_tracker_forgets_it_and_not_refreshed()
    {
        await OffloadAsync(TransportProtocol.Udp);
        ReportIdle(_device.Numbers);
        await PassAsync(s_refresh);
        Assert.Empty(_tracker.Refreshed);
        Assert.Equal((0, 2), Directions);
        Assert.All(_device.Numbers, number => Assert.Equal(0u, ConnectionDevice.IndexOf(number)));
    }

    [Fact]
    public async Task One_direction_keeps_the_other_on_the_device()
    {
        await OffloadAsync(TransportProtocol.Udp);
        ReportIdle(_device.Numbers.Take(1));
        await PassAsync(s_refresh);
        await PassAsync(s_refresh);
        Assert.Equal((2, 0), Directions);
        Assert.Equal(2, _tracker.Refreshed.Count);
    }

    [Fact]
    public async Task A_long_timeout_lets_it_be_silent_for_long()
    {
        _tracker.Timeout = TimeSpan.FromSeconds(60);
        await OffloadAsync(TransportProtocol.Udp);
        await PassAsync(s_refresh);
        ReportIdle(_device.Numbers);
        await PassAsync(s_refresh, times: 3);
        Assert.Equal((2, 0), Directions);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
    }

    [Fact]
    public async Task With_events_it_is_back_on_the_device_three_looks_after_a_packet()
    {
        await RestAsync(TransportProtocol.Udp);
        await PassAsync(RestingConnections.Pause, times: 3);
        Assert.Equal((0, 2), Directions);
        _device.Count(_device.Numbers.First().Key);
        await PassAsync(RestingConnections.Pause, times: 2);
        Assert.Equal((0, 2), Directions);
        await PassAsync(RestingConnections.Pause);
        Assert.Equal((1, 1), Directions);
        Assert.Single(_device.Numbers, number => ConnectionDevice.IndexOf(number) != 0);
        // Not taken for silent at once.
        await PassAsync(s_refresh);
        Assert.Equal((2, 0), (_keeper.Counts.Offloaded + _keeper.Counts.Resting, _keeper.Counts.Waiting));
        Assert.Single(_tracker.Refreshed);
    }

    [Fact]
    public async Task Without_events_everything_has_to_be_listed_after_the_packet()
    {
        _tracker.HasEvents = false;
        var connection = await RestAsync(TransportProtocol.Udp);
        await PassAsync(RestingConnections.Pause);
        CountAll();
        await RoundAsync(_keeper, _device, Listed(connection));
        await PassAsync(RestingConnections.Pause, times: 5);
        Assert.Equal((0, 2), Directions);
        await RoundAsync(_keeper, _device, Listed(connection));
        await PassAsync(RestingConnections.Pause, times: 5);
        Assert.Equal((0, 2), Directions);
        await RoundAsync(_keeper, _device, Listed(connection));
        await PassAsync(RestingConnections.Pause);
        Assert.Equal((2, 0), Directions);
    }

    [Fact]
    public async Task What_has_ended_meanwhile_goes()
    {
        var connection = await RestAsync(TransportProtocol.Udp);
        await PassAsync(RestingConnections.Pause);
        CountAll();
        await PassAsync(RestingConnections.Pause, times: 2);
        await RoundAsync(_keeper, _device, new ConnectionNews.Changed([new ConnectionEvent.Ended(new ConnectionEntry(connection))]));
        await PassAsync(RestingConnections.Pause);
        Assert.Empty(_device.Numbers);
        Assert.Equal((0, 0), Directions);
    }

    [Fact]
    public async Task Where_the_tracker_cannot_be_shown_a_segment_OVS_sees_one_once_in_a_timeout()
    {
        (_tracker.RefreshesTcp, _tracker.Timeout) = (false, TimeSpan.FromSeconds(60));
        await OffloadAsync(TransportProtocol.Tcp);
        await PassAsync(s_refresh, times: 3);
        Assert.Equal((2, 0), Directions);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
        Assert.Empty(_tracker.Refreshed);
    }

    [Fact]
    public async Task Who_rests_does_so_on_a_device_that_is_written_anew_and_with_the_next_agent()
    {
        var connection = await RestAsync(TransportProtocol.Udp);
        _keeper.Forget();
        await _keeper.Writer.ReadAsync(_device, Token);
        await RoundAsync(_keeper, _device, Listed(connection));
        Assert.Equal((0, 2), Directions);
        Assert.All(_device.Numbers, number => Assert.Equal(0u, ConnectionDevice.IndexOf(number)));
        var successor = Keeper();
        await successor.Writer.ReadAsync(_device, Token);
        await RoundAsync(successor, _device, Listed(connection));
        Assert.Equal((0, 2), (successor.Counts.Offloaded, successor.Counts.Resting));
    }

    [Fact]
    public async Task What_has_seen_no_packet_since_it_was_written_is_silent()
    {
        await PassAsync(s_refresh - TimeSpan.FromSeconds(2));
        await RoundAsync(_keeper, _device, Listed(Floating(TransportProtocol.Udp, 1000)));
        await PassAsync(TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(2));
        // Looked at two seconds after it was written: it has had no time for one.
        Assert.Equal((2, 0), Directions);
        await PassAsync(s_refresh);
        Assert.Empty(_tracker.Refreshed);
        Assert.Equal((0, 2), Directions);
    }

    [Fact]
    public async Task Written_anew_a_silent_one_is_not_prolonged_and_does_not_start_over()
    {
        _tracker.Timeout = TimeSpan.FromSeconds(60);
        var connection = await OffloadAsync(TransportProtocol.Udp);
        await PassAsync(s_refresh);
        ReportIdle(_device.Numbers);
        for (var i = 0; i < 3; i++)
        {
            _device.Restart();
            _keeper.Forget();
            await RoundAsync(_keeper, _device, Listed(connection));
            await PassAsync(s_refresh);
        }

        Assert.Equal((2, 0), Directions);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
        Assert.Single(_tracker.Refreshed);
    }

    [Fact]
    public async Task Without_a_way_for_a_moment_a_silent_one_does_not_start_over()
    {
        _tracker.Timeout = TimeSpan.FromSeconds(60);
        await OffloadAsync(TransportProtocol.Udp);
        await PassAsync(s_refresh);
        ReportIdle(_device.Numbers);
        for (var i = 0; i < 3; i++)
        {
            Compiler.Compile(Southbound, "gw1", DeviceView.Empty);
            await RoundAsync(_keeper, _device);
            Assert.Empty(_device.Numbers);
            Compiler.Compile(Southbound, "gw1", Device);
            await RoundAsync(_keeper, _device);
            await PassAsync(s_refresh);
        }

        Assert.Equal((2, 0), Directions);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
        Assert.Single(_tracker.Refreshed);
    }

    [Fact]
    public async Task What_the_tracker_may_have_forgotten_rests_although_packets_come()
    {
        await OffloadAsync(TransportProtocol.Udp);
        _tracker.LostZones.Add(Zone);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
    }

    private async Task<Connection> OffloadAsync(TransportProtocol protocol)
    {
        var connection = Floating(protocol, 1000);
        await RoundAsync(_keeper, _device, Listed(connection));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2, 0), Directions);
        CountAll();
        return connection;
    }

    private void CountAll() => Array.ForEach([.. _device.Numbers.Select(number => number.Key)], _device.Count);

    private async Task<Connection> RestAsync(TransportProtocol protocol)
    {
        var connection = await OffloadAsync(protocol);
        ReportIdle(_device.Numbers);
        await PassAsync(s_refresh);
        Assert.Equal((0, 2), Directions);
        return connection;
    }

    private void ReportIdle(IEnumerable<TableEntry> numbers) => _activity.Report(numbers.Select(number => number.Key));

    private async Task PassAsync(TimeSpan interval, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(interval);
            await _resting.LookAsync(_keeper, _device, _tracker, Token);
            await _activity.LookAsync(_keeper, _device, _tracker, Token);
        }
    }

    private sealed class Tracker : IConnectionKeepAlive
    {
        public List<Connection> Refreshed { get; } = [];

        public bool HasEvents { get; set; } = true;

        public bool RefreshesTcp { get; set; } = true;

        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

        public Task<bool> PrepareAsync(Connection connection, CancellationToken token) => Task.FromResult(true);

        public bool Refreshes(TransportProtocol protocol) => RefreshesTcp || protocol != TransportProtocol.Tcp;

        public TimeSpan? TimeoutOf(Connection connection) => Timeout;

        /// <summary>What it has forgotten, or may have.</summary>
        public HashSet<ushort> LostZones { get; } = [];

        public Task<IReadOnlyCollection<Connection>> RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token)
        {
            Connection[] known = [.. connections.Where(connection => !LostZones.Contains(connection.Zone))];
            Refreshed.AddRange(known);
            return Task.FromResult<IReadOnlyCollection<Connection>>(known);
        }
    }
}
