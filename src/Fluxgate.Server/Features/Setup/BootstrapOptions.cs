namespace Fluxgate.Server.Features.Setup;

/// <summary>Section <c>bootstrap</c>: the first owner, organization and API key, declared instead of set up by hand. Applied once; what it says later changes nothing.</summary>
public sealed class BootstrapOptions
{
    public const string Section = "bootstrap";

    /// <summary>Address of the first owner. Default: none, and the section is not applied.</summary>
    public string? OwnerEmail { get; set; }

    /// <summary>12–256 characters.</summary>
    public string? OwnerPassword { get; set; }

    /// <summary>Default: Owner.</summary>
    public string OwnerName { get; set; } = "Owner";

    /// <summary>Default: Main.</summary>
    public string OrganizationName { get; set; } = "Main";

    /// <summary>Default: made from the name.</summary>
    public string? OrganizationSlug { get; set; }

    /// <summary>The first API key, as <c>fluxgate new-api-key</c> prints one. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Permissions of that key, at least one. Default: none.</summary>
    public string[] ApiKeyScopes { get; set; } = [];
}
