namespace Fluxgate.Server.Features.SignIn;

/// <summary>An address as typed, and the form in which it is unique: trimmed, lower case.</summary>
internal static class EmailAddress
{
    public static string Normalise(string email) => email.Trim().ToLowerInvariant();

    public static bool IsPlausible(string? email) =>
        email is { Length: >= 3 and <= 254 } && Core.Kernel.StorableText.Is(email) && !email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) && email.IndexOf('@') is > 0 and var at
        && at == email.LastIndexOf('@') && at < email.Length - 1;
}
