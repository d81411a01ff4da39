using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Fluxgate.Core.Workflows;
using Fluxgate.Core.WorkflowTests;
using Fluxgate.Data.Audit;
using Fluxgate.Data.Sessions;
using Fluxgate.Server.Features.Runs;
using Fluxgate.Server.Features.Workflows;
using Fluxgate.Server.Http;
using Fluxgate.Server.Security;

namespace Fluxgate.Server.Features.WorkflowTests;

/// <summary>What is tested: a published <paramref name="Version"/>, or a <paramref name="Document"/>; with neither the draft, or the published version if there is no draft. <paramref name="Tests"/> are names; left out, all.</summary>
public sealed record TestWorkflowRequest(int? Version = null, WorkflowDocumentRequest? Document = null, IReadOnlyList<string>? Tests = null);

/// <summary>
/// A place where the run would have been another. <paramref name="Pointer"/> is within what the step did, empty for all of
/// it; <paramref name="Expected"/> is what was recorded, <paramref name="Actual"/> what would be now.
/// </summary>
public sealed record TestDifference(Change Change, TraceKind Kind, string Step, int Attempt, string Pointer, JsonElement? Expected, JsonElement? Actual);

/// <summary>One recording, replayed. Of more than 100 <paramref name="Differences"/> the rest is left out. <paramref name="ChangedSteps"/> gave something else than before, which is no fault by itself.</summary>
public sealed record TestResult(string Name, RunId RunId, bool Passed, IReadOnlyList<TestDifference> Differences, IReadOnlyList<string> ChangedSteps);

/// <summary><paramref name="Version"/> is null if a draft or document was tested.</summary>
public sealed record TestWorkflowResponse(int? Version, int Passed, int Failed, IReadOnlyList<TestResult> Tests);

internal static class TestWorkflow
{
    private const int MostDifferences = 100;
    private const int MostChangedSteps = 100;

    /// <summary>Bytes of a value beyond which only its size is shown: a hundred differences of a hundred tests are one answer.</summary>
    private const int LargestShown = 4096;

    private sealed record Tested(Workflow Workflow, int? Version, string Text);

    /// <summary>Replays recorded runs with another version of their workflow. Nothing reaches the outside; what it shows is run data, so it is an audit event.</summary>
    public static async Task<Reply<TestWorkflowResponse>> Handle(
        OrganizationCaller caller, WorkflowId id, TestWorkflowRequest request, WorkflowStore workflows, WorkflowTestStore store, TestBench bench,
        Database database, AuditLog audit, CancellationToken cancel)
    {
        if (await workflows.Find(caller, id, cancel) is not { } row)
            return WorkflowErrors.NotFound;
        if (new Checks().That(request.Version is null || request.Document is null, "/version", "one_of", "A version or a document, not both.")
            .That(request.Tests is null or { Count: <= WorkflowTestStore.Most }, "/tests", "length", $"At most {WorkflowTestStore.Most} names.").Error() is { } invalid)
            return invalid;
        var tested = await Subject(caller, row, request, workflows, cancel);
        if (tested.Error is { } refused)
            return refused;
        var names = request.Tests?.Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } some ? some : await store.Names(caller, id, cancel);
        if (names.Count == 0)
            return WorkflowTestErrors.None;
        var replayed = await bench.InTurn(token => Replays(caller, id, names, tested.Value.Workflow, store, token), cancel);
        if (replayed.Error is { } error)
            return error;
        var results = replayed.Value;
        var response = new TestWorkflowResponse(tested.Value.Version, results.Count(r => r.Passed), results.Count(r => !r.Passed), results);
        await database.As(caller).Transact(transaction => audit.Append(
            transaction, caller.Organization, new AuditEntry("workflow.tested", "read", caller.Actor, new AuditResource("workflow", id.Value, row.Name))
            {
                Details = new JsonObject
                {
                    ["version"] = tested.Value.Version,
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tested.Value.Text))),
                    ["passed"] = response.Passed,
                    ["failed"] = response.Failed,
                },
            }, cancel), cancel);
        return response;
    }

    /// <summary>A draft or document that its reader wrote computes with recorded data what it likes; a published version is known.</summary>
    private static async Task<Result<Tested>> Subject(OrganizationCaller caller, WorkflowStore.WorkflowRow row, TestWorkflowRequest request, WorkflowStore workflows, CancellationToken cancel)
    {
        var version = request.Document is null ? request.Version ?? (row.Draft is null ? row.PublishedVersion : null) : null;
        if (version is null && !caller.May(Permissions.WorkflowsWrite))
            return WorkflowTestErrors.NeedsWrite;
        (string Text, DocumentFormat Format)? source = request.Document is { } given ? (given.Document, given.Format)
            : version is { } number ? await workflows.Version(caller.Organization, caller.User, row.Id, number, cancel)
            : await workflows.Current(caller, row, cancel);
        if (source is not var (text, format))
            return Error.NotFound("workflow_version");
        var read = WorkflowReader.Read(text, format);
        return read.Error is { } unreadable ? unreadable : new Tested(read.Value, version, text);
    }

    private static async Task<Result<List<TestResult>>> Replays(
        OrganizationCaller caller, WorkflowId id, IReadOnlyList<string> names, Workflow workflow, WorkflowTestStore store, CancellationToken cancel)
    {
        var results = new List<TestResult>(names.Count);
        foreach (var name in names)
        {
            if (await store.Read(caller, id, name, cancel) is not { } test)
                return WorkflowTestErrors.NotFound;
            var replayed = Replay.Of(test.Recording, workflow, cancel);
            if (replayed.IsTooLarge)
                return WorkflowTestErrors.DoesTooMuch;
            results.Add(Compare(test, replayed));
        }
        return results;
    }

    private static TestResult Compare(StoredTest test, Recording replayed)
    {
        var sensitive = test.Sensitive;
        // What the tested version marks is hidden as well.
        sensitive.Take(replayed.State);
        var differences = Comparison.Differences(test.Recording, replayed, MostDifferences);
        return new TestResult(
            test.Summary.Name, test.Summary.RunId, differences.Count == 0,
            [
                .. differences.Select(d => new TestDifference(
                    d.Change, d.Kind, d.Step, d.Attempt, sensitive.Hide(d.Pointer), Shown(d.Expected, sensitive), Shown(d.Actual, sensitive))),
            ],
            Comparison.ChangedSteps(test.Recording.State, replayed.State, MostChangedSteps));
    }
    private static JsonElement? Shown(CelValue? value, SensitiveData sensitive) => value switch
    {
        null => null,
        { } large when RunValue.Fault(large, LargestShown, out _) is not null => JsonSerializer.SerializeToElement($"[{large.ToJson().Length} bytes]"),
        { } some => sensitive.Show(some, []).Json,
    };
}
