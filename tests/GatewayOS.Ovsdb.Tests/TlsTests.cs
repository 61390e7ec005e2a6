using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>TLS against Debian's ovsdb-server, with certificates made here.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls");
    private readonly CancellationToken _patience =
        CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token).Token;

    public TlsTests() => Assert.SkipUnless(OvsdbServer.IsInstalled, "ovsdb-server is not installed (openvswitch-common)");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Both_sides_show_certificates_of_the_same_authority_whatever_name_is_in_them()
    {
        var authority = Authority("ca");
        var port = OvsdbServer.FreePort();
        using var server = Serve(port, Member(authority, "server"), authority);
        await using var client = Connect(port, Member(authority, "client"), authority);
        await client.LoadAsync(_patience);
        Assert.Equal(new ConnectionState.Connected(new Remote.Ssl("127.0.0.1", port)), client.View.State);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        var (authority, other) = (Authority("ca"), Authority("other"));
        var port = OvsdbServer.FreePort();
        using var server = Serve(port, Member(other, "server"), authority);
        await using var client = Connect(port, Member(authority, "client"), authority);
        var failure = await Assert.ThrowsAsync<OvsdbException>(() => client.LoadAsync(_patience));
        Assert.Contains($"no TLS with ssl:127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_accept_our_certificate_is_an_error_that_names_it()
    {
        var (authority, other) = (Authority("ca"), Authority("other"));
        var port = OvsdbServer.FreePort();
        using var server = Serve(port, Member(authority, "server"), authority);
        await using var client = Connect(port, Member(other, "client"), authority);
        var failure = await Assert.ThrowsAsync<OvsdbException>(() => client.LoadAsync(_patience));
        Assert.Contains($"ssl:127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_and_missing_settings_are_named_even_if_nobody_listens()
    {
        var authority = Authority("ca");
        var port = OvsdbServer.FreePort();
        await using var noFile = Connect(port, new("/nowhere/key.pem", "/nowhere/cert.pem"), authority);
        Assert.Contains("/nowhere/", (await Assert.ThrowsAsync<OvsdbException>(() => noFile.LoadAsync(_patience))).Message, StringComparison.Ordinal);
        await using var noSettings = new OvsdbClient<NoteDatabase>([new Remote.Ssl("127.0.0.1", port)], NoteDatabase.Model);
        Assert.Contains("set-ssl", (await Assert.ThrowsAsync<OvsdbException>(() => noSettings.LoadAsync(_patience))).Message, StringComparison.Ordinal);
    }

    private static OvsdbServer Serve(int port, Identity identity, (X509Certificate2 Certificate, string File) authority) => OvsdbServer.Start(
        NoteDatabase.Schema,
        $"--remote=pssl:{port}:127.0.0.1", $"--private-key={identity.Key}", $"--certificate={identity.Certificate}", $"--ca-cert={authority.File}");

    private static OvsdbClient<NoteDatabase> Connect(int port, Identity identity, (X509Certificate2 Certificate, string File) authority) => new(
        [new Remote.Ssl("127.0.0.1", port)],
        NoteDatabase.Model,
        new ConnectionOptions { Tls = new(identity.Key, identity.Certificate, authority.File) });

    private (X509Certificate2 Certificate, string File) Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return (certificate, Write($"{name}-cert.pem", certificate.ExportCertificatePem()));
    }

    private Identity Member((X509Certificate2 Certificate, string File) authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            authority.Certificate, DateTimeOffset.UnixEpoch, new(2098, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(8));
        return new(Write($"{name}-key.pem", key.ExportPkcs8PrivateKeyPem()), Write($"{name}-cert.pem", certificate.ExportCertificatePem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed record Identity(string Key, string Certificate);
}
