using System.Data.Common;
using Fluxgate.Core.Kernel;
using Fluxgate.Engine.Switches;
using Fluxgate.Server.Hosting;

namespace Fluxgate.Server.Security;

/// <summary>What an endpoint that nobody signs in for belongs to, so that it can be switched off.</summary>
internal sealed record SwitchedEntrance(Entrance Entrance);

/// <summary>
/// Refuses what is switched off: the first thing that is asked of a request, before anything of it is believed, and once
/// more when its organization is known. It fails closed: what cannot be read is off.
/// </summary>
internal sealed class SwitchGate(SwitchBoard board, InstallationOptions installation)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Why the request is not served, whoever sent it; null if it may be.</summary>
    public async ValueTask<Error?> Refusal(HttpContext context)
    {
        var metadata = context.GetEndpoint()!.Metadata;
        var entrance = metadata.GetMetadata<SwitchedEntrance>()?.Entrance;
        if (entrance is null && metadata.GetMetadata<EndpointAccess>() is not { Kind: AccessKind.Open } && ApiKeyAuthentication.Presented(context.Request) is not null)
            entrance = Entrance.Api;
        if (entrance is not { } asked)
            return null;
        return asked == Entrance.Api && !installation.PublicApiEnabled ? SwitchErrors.Off(asked) : await Ask(state => state.Refusal(asked), context.RequestAborted);
    }

    /// <summary>The same for what belongs to the organization.</summary>
    public ValueTask<Error?> Refusal(Entrance entrance, OrganizationId organization, CancellationToken cancel) => Ask(state => state.Refusal(entrance, organization), cancel);

    private async ValueTask<Error?> Ask(Func<SwitchState, Error?> refusal, CancellationToken cancel)
    {
        try
        {
            var state = board.Get(cancel);
            return refusal(state.IsCompletedSuccessfully ? state.Result : await state.AsTask().WaitAsync(Patience, cancel));
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return SwitchErrors.Unknown;
        }
    }
}
