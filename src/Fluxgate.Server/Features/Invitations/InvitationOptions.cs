using Fluxgate.Core.Kernel;
namespace Fluxgate.Server.Features.Invitations;

/// <summary>Section <c>invitations</c>.</summary>
public sealed class InvitationOptions : IValidatedOptions
{
    public const string Section = "invitations";

    /// <summary>Days that an invitation can be accepted, 1–90. Default: 7.</summary>
    public int Days { get; set; } = 7;

    public IEnumerable<string> Faults()
    {
        if (Days is < 1 or > 90)
            yield return "invitations.days is 1–90.";
    }
}
