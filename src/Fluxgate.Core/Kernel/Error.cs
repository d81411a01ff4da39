namespace Fluxgate.Core.Kernel;

/// <summary>What kind of refusal an <see cref="Error"/> is; the edge maps each to one HTTP status.</summary>
public enum ErrorKind
{
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Stale,
    TooLarge,
    MediaType,

    /// <summary>Sent by a way that this server does not answer on.</summary>
    Misdirected,
    Refused,
    PreconditionMissing,
    TooMany,
    Unavailable,
}

/// <summary>
/// One field's fault. <paramref name="Pointer"/> is a JSON pointer (RFC 6901) into the request or document; line and
/// column (from 1) are there where a text was read.
/// </summary>
public sealed record FieldError(string Pointer, string Code, string Message, int? Line = null, int? Column = null);

/// <summary>An expected refusal. <paramref name="Code"/> is stable (<c>workflow.name_taken</c>); the message tells the caller what to mend.</summary>
public sealed record Error(string Code, ErrorKind Kind, string Message)
{
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>When it is worth trying again, if that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Error Invalid(string code, string message, IReadOnlyList<FieldError>? fields = null) =>
        new(code, ErrorKind.Invalid, message) { Fields = fields ?? [] };

    public static Error Refused(string code, string message, IReadOnlyList<FieldError>? fields = null) =>
        new(code, ErrorKind.Refused, message) { Fields = fields ?? [] };

    public static Error Conflict(string code, string message) => new(code, ErrorKind.Conflict, message);

    /// <summary>Absent, or another organization's: the answer is the same for both.</summary>
    public static Error NotFound(string what) => new($"{what}.not_found", ErrorKind.NotFound, $"There is no such {what.Replace('_', ' ')}.");
}
