using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Cryptography;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Data.Vault;
using Fluxgate.Engine.Deliveries;

namespace Fluxgate.Engine.Runs;

/// <summary>The rows beside the journal that follow from a run's events.</summary>
internal static class RunRows
{
    public static IReadOnlyList<OutboxRow> Outbox(RunIdentity identity, RunState state, List<RunEvent> events, OrganizationCipher cipher, TimeProvider clock)
    {
        List<OutboxRow>? rows = null;
        foreach (var recorded in events)
        {
            var (id, type, data) = recorded switch
            {
                EventEmitted emitted => (emitted.EventId, emitted.Type, JsonNode.Parse(emitted.Data.ToJson())),
                ReviewRequested asked => (asked.ReviewId, "review.created", new JsonObject
                {
                    ["review_id"] = asked.ReviewId.ToString(),
                    ["run_id"] = identity.Run.ToString(),
                    ["workflow_id"] = identity.Workflow.ToString(),
                }),
                StepSucceeded { Port: "expired" } expired when ExpiredReview(state, expired) is { } review => (Uuid.New(clock), "review.expired", new JsonObject
                {
                    ["review_id"] = review.ToString(),
                    ["run_id"] = identity.Run.ToString(),
                    ["workflow_id"] = identity.Workflow.ToString(),
                }),
                _ => (Guid.Empty, "", null),
            };
            if (type.Length > 0)
                (rows ??= []).Add(new OutboxRow(id, type, cipher.Seal(SealedField.DeliveryPayload, id, WebhookEvent.Write(id, type, recorded.At, data))));
        }
        return rows ?? (IReadOnlyList<OutboxRow>)[];
    }

    public static IReadOnlyList<ReviewRow> Reviews(RunState state, List<RunEvent> events, OrganizationCipher cipher)
    {
        List<ReviewRow>? rows = null;
        foreach (var asked in events.OfType<ReviewRequested>())
        {
            // One that was given up in the same turn is closed from the start: an update would not see a row of its own statement.
            var standing = state.AskerOf(asked.ReviewId) is null ? "cancelled" : "pending";
            var content = ReviewContent.Write(asked.Title, asked.Content);
            (rows ??= []).Add(new ReviewRow(
                asked.ReviewId, asked.Node, cipher.Seal(SealedField.ReviewContent, asked.ReviewId, content), SHA256.HashData(content), standing, [.. asked.Approvers], asked.ExpiresAt));
        }
        return rows ?? (IReadOnlyList<ReviewRow>)[];
    }

    public static IReadOnlyList<(Guid Id, string State)> ClosedReviews(RunState state, List<RunEvent> events)
    {
        List<(Guid, string)>? closed = null;
        foreach (var recorded in events)
        {
            if (recorded is StepSucceeded { Port: "expired" } expired && ExpiredReview(state, expired) is { } review)
                (closed ??= []).Add((review, "expired"));
            else
                foreach (var place in state.GivenUpBy(recorded))
                    if (place.Step.ReviewId is { } open)
                        (closed ??= []).Add((open, "cancelled"));
        }
        return closed ?? (IReadOnlyList<(Guid, string)>)[];
    }

    private static Guid? ExpiredReview(RunState state, StepSucceeded expired) => state.PlaceOf(expired.Node).Step.ReviewId;
}

/// <summary>What a reviewer is shown, as canonical bytes: a decision names their hash.</summary>
public static class ReviewContent
{
    public static byte[] Write(string title, CelValue content)
    {
        using var json = JsonDocument.Parse(CelValue.Map(("title", CelValue.From(title)), ("content", content)).ToJson());
        return CanonicalJson.From(json.RootElement);
    }
}
