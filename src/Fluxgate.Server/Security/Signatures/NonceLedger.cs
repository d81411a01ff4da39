using System.Threading.Channels;
using Fluxgate.Core.Kernel;
using Fluxgate.Data.Sessions;

namespace Fluxgate.Server.Security.Signatures;

/// <summary>A nonce of an API key; <paramref name="ValidUntil"/> is when no signature with it can be valid any more.</summary>
internal sealed record Nonce(OrganizationId Organization, Guid ApiKey, string Text, DateTimeOffset ValidUntil);

/// <summary>
/// Every nonce is taken once, on whichever node: its row in PostgreSQL decides. While one batch commits the next gathers, so
/// that many requests share a commit. Whoever cannot have it written is refused.
/// </summary>
internal sealed class NonceLedger(Database database, TimeProvider clock) : BackgroundService
{
    private const int LargestBatch = 500;
    private const int DeletedAtOnce = 5000;

    private sealed record Waiting(Nonce Nonce, TaskCompletionSource<bool> Taken);

    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>True for the first that takes it; returns once that is durable.</summary>
    public Task<bool> Take(Nonce nonce)
    {
        var waiting = new Waiting(nonce, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.Writer.TryWrite(waiting))
            waiting.Taken.SetException(new OperationCanceledException("The server stops."));
        return waiting.Taken.Task;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Write();

    /// <summary>Takes no more and lets what waits be written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    private async Task Write()
    {
        var batch = new List<Waiting>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                await Write(batch);
            }
            catch (Exception e)
            {
                // Whatever it is: without a row nobody has the nonce, and what leaves this loop stops the server.
                foreach (var waiting in batch)
                    waiting.Taken.TrySetException(e);
            }
        }
    }

    private async Task Write(List<Waiting> batch)
    {
        // One order on all nodes: two that hold each other's rows would wait for ever.
        batch.Sort((a, b) => (a.Nonce.ApiKey, a.Nonce.Text).CompareTo((b.Nonce.ApiKey, b.Nonce.Text)));
        var rows = await database.Platform.Query<TakenNonce>($"""
            insert into request_nonces (organization_id, api_key_id, nonce, valid_until)
            select * from unnest({batch.Select(w => w.Nonce.Organization.Value).ToArray()}, {batch.Select(w => w.Nonce.ApiKey).ToArray()},
                                 {batch.Select(w => w.Nonce.Text).ToArray()}, {batch.Select(w => w.Nonce.ValidUntil).ToArray()})
            on conflict do nothing
            returning organization_id, api_key_id, nonce
            """, CancellationToken.None);
        var taken = rows.ToHashSet();
        foreach (var (nonce, done) in batch)
            done.SetResult(taken.Remove(new TakenNonce(nonce.Organization, nonce.ApiKey, nonce.Text)));
    }

    private sealed record TakenNonce(OrganizationId OrganizationId, Guid ApiKeyId, string Nonce);

    /// <summary>Deletes a batch of those that no signature can be valid with any more, passing over what another node has in hand; whether there may be more.</summary>
    public async Task<bool> DeleteOld(CancellationToken cancel) => await database.Platform.Execute($"""
        delete from request_nonces n using (
            select organization_id, api_key_id, nonce from request_nonces where valid_until < {clock.GetUtcNow()} order by valid_until limit {DeletedAtOnce} for update skip locked) gone
        where n.organization_id = gone.organization_id and n.api_key_id = gone.api_key_id and n.nonce = gone.nonce
        """, cancel) == DeletedAtOnce;
}
