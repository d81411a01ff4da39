using System.Security.Cryptography;
using System.Text;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Security.RequestLog;

/// <summary>Who a request is from, once that is known, be it let in or not.</summary>
internal sealed record RequestIdentity(OrganizationId Organization, Guid? ApiKey, UserId? User)
{
    public static readonly RequestIdentity Nobody = new(new OrganizationId(Guid.Empty), null, null);

    /// <summary>The client key of the page that sent it, if it was one.</summary>
    public Guid? ClientKey { get; init; }

    /// <summary>The key or the person.</summary>
    public Guid Credential => ApiKey ?? ClientKey ?? User?.Value ?? Guid.Empty;
}

/// <summary>What identifies a request: its id holds the time.</summary>
internal sealed record LoggedRequest(Guid Id, string Method, byte[] PathHash)
{
    private const int LongestMethod = 20;

    public static LoggedRequest Of(HttpContext context, TimeProvider clock) => new(
        Uuid.New(clock), StorableText.Cut(context.Request.Method, LongestMethod), HashOf(context.Request.Path.Value ?? ""));

    /// <summary>Without the query, whose order and escapes are the sender's whim.</summary>
    public static byte[] HashOf(string path) => SHA256.HashData(Encoding.UTF8.GetBytes(path));
}
