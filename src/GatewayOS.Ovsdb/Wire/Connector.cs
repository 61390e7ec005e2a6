using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GatewayOS.Core;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>Opens a stream to a remote.</summary>
internal static class Connector
{
    /// <exception cref="OvsdbException">It cannot be reached, not in time, or not by TLS.</exception>
    public static async Task<Stream> ConnectAsync(
        Remote remote, ConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return remote switch
            {
                Remote.Unix unix => await OpenAsync(AddressFamily.Unix, ProtocolType.Unspecified, new UnixDomainSocketEndPoint(unix.Path)),
                Remote.Tcp tcp => await OpenTcpAsync(tcp.Host, tcp.Port),
                Remote.Ssl ssl => await TlsAsync(ssl, TlsOptions(ssl, options.Tls)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (SocketException failure) when (remote is Remote.Unix)
        {
            throw new OvsdbException($"cannot connect to {remote}: {UnixSocketFailure.Describe(failure)}", failure);
        }
        catch (SocketException failure)
        {
            throw new OvsdbException($"cannot connect to {remote}: {failure.Message}; is an ovsdb-server listening there?", failure);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            throw new OvsdbException(
                $"no TLS with {remote}: {failure.Message}; check private key, certificate and CA certificate on both sides", failure);
        }
        catch (Exception failure) when (failure is CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OvsdbException($"no TLS with {remote}, because a key or certificate cannot be read: {failure.Message}", failure);
        }
        catch (OperationCanceledException failure) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new OvsdbException($"cannot connect to {remote}: no answer for {options.ConnectTimeout.TotalSeconds:0.###} s", failure);
        }

        async Task<Stream> OpenTcpAsync(string host, int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            return await ConnectSocketAsync(socket, () => socket.ConnectAsync(host, port, both.Token));
        }

        async Task<Stream> OpenAsync(AddressFamily family, ProtocolType protocol, System.Net.EndPoint endpoint)
        {
            var socket = new Socket(family, SocketType.Stream, protocol);
            return await ConnectSocketAsync(socket, () => socket.ConnectAsync(endpoint, both.Token));
        }

        static async Task<Stream> ConnectSocketAsync(Socket socket, Func<ValueTask> connect)
        {
            try
            {
                await connect();
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        // Files that cannot be read are the trouble to tell, whether or not somebody listens.
        async Task<Stream> TlsAsync(Remote.Ssl ssl, SslClientAuthenticationOptions tls)
        {
            var stream = new SslStream(await OpenTcpAsync(ssl.Host, ssl.Port));
            try
            {
                await stream.AuthenticateAsClientAsync(tls, both.Token);
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }
    }

    private static SslClientAuthenticationOptions TlsOptions(Remote.Ssl remote, TlsFiles? files)
    {
        if (files is null)
        {
            throw new OvsdbException($"{remote} needs a private key, a certificate and a CA certificate; none are configured (ovs-vsctl set-ssl)");
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(files.CaCertificate);
        return new SslClientAuthenticationOptions
        {
            TargetHost = remote.Host,
            ClientCertificates = [X509Certificate2.CreateFromPemFile(files.Certificate, files.PrivateKey)],
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is X509Certificate2 presented
                && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)
                && IsSignedBy(authorities, presented),
        };
    }

    // As in OVS: who signed the certificate matters, the name in it does not.
    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
