using Fluxgate.Core.Kernel;
namespace Fluxgate.Server.Features.SignIn;

public enum Registration
{
    Open,
    Invite,
    Closed,
}

/// <summary>Section <c>sign_in</c>.</summary>
public sealed class SignInOptions : IValidatedOptions
{
    public const string Section = "signin";

    /// <summary>Who may make an account: anybody (<c>open</c>), the invited (<c>invite</c>) or nobody (<c>closed</c>; invitations then reach people who have an account). Default: closed.</summary>
    public Registration Registration { get; set; } = Registration.Closed;

    /// <summary>Minutes without a request after which a session ends, 1–1440. Default: 60.</summary>
    public int SessionIdleMinutes { get; set; } = 60;

    /// <summary>Hours after which a session ends whatever happens, 1–720. Default: 12.</summary>
    public int SessionHours { get; set; } = 12;

    public IEnumerable<string> Faults()
    {
        if (SessionIdleMinutes is < 1 or > 1440)
            yield return "sign_in.session_idle_minutes is 1–1440.";
        if (SessionHours is < 1 or > 720)
            yield return "sign_in.session_hours is 1–720.";
    }
}
