using Fluxgate.Core.Kernel;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

/// <summary>Bounds how many streams are open at once: of a caller, and of an organization as a whole. Counts live in this process alone.</summary>
internal sealed class StreamPlaces(RunOptions options)
{
    private const string Code = "run.too_many_streams";

    private readonly Dictionary<OrganizationId, int> ofOrganization = [];
    private readonly Dictionary<Guid, int> ofCaller = [];
    private readonly Lock turn = new();

    /// <summary>A place, to be given back by disposing.</summary>
    public Result<Place> Take(OrganizationCaller caller)
    {
        var id = caller.ApiKey ?? caller.User!.Value.Value;
        lock (turn)
        {
            if (ofCaller.GetValueOrDefault(id) >= options.StreamsPerCaller)
                return new Error(Code, ErrorKind.TooMany, $"You have {options.StreamsPerCaller} streams open here already; close one first.");
            if (ofOrganization.GetValueOrDefault(caller.Organization) >= options.StreamsPerOrganization)
                return new Error(Code, ErrorKind.TooMany, $"The organization has {options.StreamsPerOrganization} streams open here already.");
            ofCaller[id] = ofCaller.GetValueOrDefault(id) + 1;
            ofOrganization[caller.Organization] = ofOrganization.GetValueOrDefault(caller.Organization) + 1;
        }
        return new Place(this, caller.Organization, id);
    }

    private void GiveBack(OrganizationId organization, Guid caller)
    {
        lock (turn)
        {
            if (--ofCaller[caller] == 0)
                ofCaller.Remove(caller);
            if (--ofOrganization[organization] == 0)
                ofOrganization.Remove(organization);
        }
    }

    internal sealed class Place(StreamPlaces places, OrganizationId organization, Guid caller) : IDisposable
    {
        public void Dispose() => places.GiveBack(organization, caller);
    }
}
