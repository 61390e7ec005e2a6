using GatewayOS.Ovn;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tests.Peers;
using Xunit;

namespace GatewayOS.Reference.Tests;

/// <summary>The small network's southbound database, made once.</summary>
public sealed class SmallNetworkFixture : IAsyncLifetime
{
    private OvnCentral? _central;
    private Southbound? _southbound;

    public string Remote => _central!.Southbound;

    public async ValueTask InitializeAsync()
    {
        if (Programs.Missing.Count == 0)
        {
            _central = SmallNetwork.Start();
            _southbound = await Southbound.LoadAsync(Ovsdb.Remote.ParseList(Remote), cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    public ReferenceNetwork On(string? chassis)
    {
        // Continuous integration has OVN, or fails.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.SkipWhen(Programs.Missing.Count > 0, $"not installed: {string.Join(' ', Programs.Missing)}");
        }

        var southbound = _southbound ?? throw new InvalidOperationException($"not installed: {string.Join(' ', Programs.Missing)}");
        return new ReferenceNetwork(southbound, chassis, Programs.LanguageOf(southbound));
    }

    public ValueTask DisposeAsync()
    {
        _central?.Dispose();
        return ValueTask.CompletedTask;
    }
}
