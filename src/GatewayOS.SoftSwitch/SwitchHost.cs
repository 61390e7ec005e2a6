using System.Net;
using GatewayOS.SoftSwitch.Ports;
using GatewayOS.SoftSwitch.Serving;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NLog.Web;

namespace GatewayOS.SoftSwitch;

/// <summary>Puts the process together.</summary>
internal static class SwitchHost
{
    /// <exception cref="FormatException">The address to serve on is malformed.</exception>
    public static WebApplication Build(SwitchOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Host.UseNLog();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            Listen(kestrel, options.Address);
        });
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new Arbitration(options.DeviceId));
        builder.Services.AddSingleton(services => new PortSet(
            options.Ports, TimeProvider.System, services.GetRequiredService<ILogger<PortSet>>()));
        builder.Services.AddSingleton<SwitchDevice>();
        builder.Services.AddSingleton<P4RuntimeService>();
        builder.Services.AddHostedService<PacketLoop>();
        var app = builder.Build();
        app.MapGrpcService<P4RuntimeService>();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, string address)
    {
        void Http2(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            // A path left behind by a killed process would make the bind fail.
            var path = address["unix:".Length..];
            File.Delete(path);
            kestrel.ListenUnixSocket(path, Http2);
            return;
        }

        if (!IPEndPoint.TryParse(address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out var endpoint))
        {
            throw new FormatException($"'{address}' is no HOST:PORT with a numeric host, and no unix:PATH");
        }

        kestrel.Listen(endpoint, Http2);
    }
}
