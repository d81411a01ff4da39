using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Fluxgate.Testing;

/// <summary>A private certificate authority, and what it signs.</summary>
public sealed class TestAuthority
{
    private readonly X509Certificate2 root;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    public string Pem => root.ExportCertificatePem();

    /// <summary>A certificate of that name and address, with its key.</summary>
    public X509Certificate2 Issue(string name, IPAddress? address = null, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(root, now.AddHours(-2), expired ? now.AddHours(-1) : now.AddDays(10), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}

/// <summary>An https service on 127.0.0.2 that tells each caller the name in its client certificate.</summary>
public sealed class TlsService : IAsyncDisposable
{
    private readonly WebApplication web;

    private TlsService(WebApplication web) => this.web = web;

    public Uri Address => new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="server">What it shows.</param>
    /// <param name="clients">Whose certificates it asks for; null if it asks for none.</param>
    public static async Task<TlsService> Start(X509Certificate2 server, TestAuthority? clients = null)
    {
        using var trusted = clients is null ? null : X509Certificate2.CreateFromPem(clients.Pem);
        var roots = trusted is null ? [] : new X509Certificate2Collection(X509Certificate2.CreateFromPem(clients!.Pem));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(k => k.Listen(IPAddress.Parse("127.0.0.2"), 0, l => l.UseHttps(h =>
        {
            h.ServerCertificate = server;
            h.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            h.ClientCertificateMode = clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
            h.ClientCertificateValidation = (certificate, _, _) =>
            {
                using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
                chain.ChainPolicy.CustomTrustStore.AddRange(roots);
                return chain.Build(certificate);
            };
        })));
        var web = builder.Build();
        web.Run(async context => await context.Response.WriteAsJsonAsync(new { client = context.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) }));
        await web.StartAsync();
        return new TlsService(web);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }
}
