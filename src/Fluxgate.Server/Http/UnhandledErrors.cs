using System.Text.Json;
using Fluxgate.Core.Kernel;
using Microsoft.AspNetCore.Diagnostics;

namespace Fluxgate.Server.Http;

/// <summary>
/// What the framework throws at a bad request becomes a problem document that says what to mend; anything else is a
/// bug or broken infrastructure, logged whole and answered with nothing but its trace id.
/// </summary>
internal sealed class UnhandledErrors(ILogger<UnhandledErrors> log) : IExceptionHandler
{
    private static readonly Error TooSlow = Error.Invalid("body.too_slow", "The body came too slowly.");

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var error = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyLimit.TooLarge,
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => TooSlow,
            BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
            BadHttpRequestException bad => Error.Invalid("request.malformed", Message(bad)),
            _ => null,
        };
        if (error is null)
        {
            log.LogError(exception, "Unhandled error on {Method} {Route}", httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName);
            error = new Error("server.error", ErrorKind.Unavailable, "Something failed here. Try again; if it stays, tell the operator the trace id.");
        }
        await Problems.Write(httpContext, error);
        return true;
    }

    private static Error Malformed(JsonException json)
    {
        var pointer = Pointer(json.Path);
        return Error.Invalid("body.malformed", "The body is not the JSON that this address takes.",
            [new FieldError(pointer, "malformed", Message(json))]);
    }

    /// <summary>The framework's message names our types and what it would have us do; only the parameter's name in it is for the caller.</summary>
    private static string Message(BadHttpRequestException bad)
    {
        var quoted = bad.Message.Split('"');
        if (bad.Message.StartsWith("Failed to bind parameter", StringComparison.Ordinal) && quoted.Length > 1)
            return $"'{quoted[1].Split(' ')[^1]}' is not what this address takes there.";
        return bad.Message.Contains("body", StringComparison.OrdinalIgnoreCase)
            ? "This address takes a body of type application/json."
            : "The request is not one that this address takes.";
    }

    /// <summary>The serializer's message without its tail, which repeats the path and names our types.</summary>
    private static string Message(JsonException json)
    {
        var text = json.Message;
        if (text.Contains("could not be mapped", StringComparison.Ordinal))
            return "There is no such member.";
        if (text.Contains("was missing required properties", StringComparison.Ordinal))
            return "Required members are missing: " + text[(text.LastIndexOf(':') + 1)..].Trim();
        if (text.Contains("could not be converted", StringComparison.Ordinal))
            return "The value has the wrong type.";
        if (text.Contains("duplicate", StringComparison.OrdinalIgnoreCase))
            return "The member stands twice.";
        if (text.Contains("null", StringComparison.Ordinal))
            return "The value may not be null.";
        return "This is not well-formed JSON.";
    }

    /// <summary><c>$.a.b[0]</c> as a JSON pointer (RFC 6901).</summary>
    private static string Pointer(string? path) =>
        path is null or "$" ? "" : path[1..].Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/');
}
