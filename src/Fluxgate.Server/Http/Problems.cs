using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Server.Http;

/// <summary>A problem document (RFC 9457). <c>code</c> is stable; <c>errors</c> locates faults by JSON pointer.</summary>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Code,
    string Detail,
    string? TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemField>? Errors);

/// <summary>One field's fault; line and column (from 1) where a text was read.</summary>
public sealed record ProblemField(
    string Pointer,
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Line,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Column);

/// <summary>The one mapping from <see cref="Error"/> to HTTP.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static readonly Error NoSuchRoute = new("route.not_found", ErrorKind.NotFound, "There is no such address.");

    public static IResult From(Error error) => new ProblemResult(error);

    public static Task Write(HttpContext context, Error error)
    {
        var status = Status(error.Kind);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"fluxgate\"";
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var problem = new Problem(
            "about:blank",
            Title(error.Kind),
            status,
            error.Code,
            error.Message,
            Activity.Current?.TraceId.ToString(),
            error.Fields.Count == 0 ? null : [.. error.Fields.Select(f => new ProblemField(f.Pointer, f.Code, f.Message, f.Line, f.Column))]);
        return context.Response.WriteAsJsonAsync(problem, JsonConventions.Options, ContentType, context.RequestAborted);
    }

    public static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Stale => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.MediaType => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Misdirected => StatusCodes.Status421MisdirectedRequest,
        ErrorKind.Refused => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.PreconditionMissing => StatusCodes.Status428PreconditionRequired,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Title(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => "The request is invalid",
        ErrorKind.Unauthenticated => "Not authenticated",
        ErrorKind.Forbidden => "Not allowed",
        ErrorKind.NotFound => "Not found",
        ErrorKind.Conflict => "Conflict",
        ErrorKind.Stale => "The resource has changed",
        ErrorKind.TooLarge => "Too large",
        ErrorKind.MediaType => "Unsupported media type",
        ErrorKind.Misdirected => "Sent to the wrong place",
        ErrorKind.Refused => "Refused",
        ErrorKind.PreconditionMissing => "A precondition is missing",
        ErrorKind.TooMany => "Too many requests",
        _ => "Unavailable",
    };

    private sealed class ProblemResult(Error error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, error);
    }
}
