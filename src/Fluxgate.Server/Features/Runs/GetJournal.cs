using Fluxgate.Core.Kernel;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.Runs;

internal static class GetJournal
{
    public static async Task<Reply<Page<JournalEntry>>> Handle(OrganizationCaller caller, RunId id, RunReader reader, CancellationToken cancel)
    {
        var read = await reader.Read(caller, id, cancel);
        if (read.Error is { } error)
            return error;
        var sensitive = await reader.Sensitive(caller, read.Value, cancel);
        return new Page<JournalEntry>([.. read.Value.Events.Select(recorded => JournalEntry.Of(recorded, sensitive))], null);
    }
}
