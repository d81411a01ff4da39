using System.Text.Json.Nodes;
using Fluxgate.Client;

namespace Fluxgate.Cli.Demo;

/// <summary>Plays the people to the end and checks from outside what the demo promises.</summary>
internal sealed class DemoJudge(DemoSetup setup, DemoServices services)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Final = ["succeeded", "failed", "cancelled", "timed_out"];

    /// <summary>A summary whose <c>held</c> says whether everything did.</summary>
    public async Task<JsonObject> Judge(IReadOnlyList<string> runs, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(LongestWait);
        using var reviewer = await setup.SignIn(DemoPeople.Reviewer, patience.Token);
        using var owner = await setup.SignIn(DemoPeople.Operator, patience.Token);
        using var officer = await setup.SignIn(DemoPeople.Officer, patience.Token);

        var ids = runs.ToHashSet(StringComparer.Ordinal);
        Dictionary<string, JsonObject> states;
        var open = 0;
        do
        {
            if (open > 0)
                await Task.Delay(Pause, patience.Token);
            await ApproveAll(reviewer, patience.Token);
            states = await StatesOf(owner, ids, patience.Token);
            open = ids.Count - states.Values.Count(s => Final.Contains(s["status"]!.GetValue<string>()));
        }
        while (open > 0);

        var reviews = 0;
        await foreach (var review in owner.List("/reviews", patience.Token))
            if (ids.Contains(review["run_id"]!.GetValue<string>()))
                reviews++;
        var succeeded = states.Values.Count(s => s["status"]!.GetValue<string>() == "succeeded");
        var unexplained = 0;
        foreach (var failed in states.Values.Where(s => s["status"]!.GetValue<string>() != "succeeded"))
        {
            var run = await owner.Get($"/runs/{failed["id"]}", patience.Token);
            if (run!["error"]?["message"]?.GetValue<string>() is not { Length: > 0 })
                unexplained++;
        }
        while (services.Verified < succeeded)
            await Task.Delay(Pause, patience.Token);
        var audit = await VerifiedAudit(officer, patience.Token);

        var summary = new JsonObject
        {
            ["runs"] = ids.Count,
            ["succeeded"] = succeeded,
            ["failed"] = ids.Count - succeeded,
            ["unexplained_failures"] = unexplained,
            ["reviews"] = reviews,
            ["posted"] = services.Posted,
            ["deliveries_verified"] = services.Verified,
            ["audit_events"] = audit["events"]!.DeepClone(),
            ["audit_valid"] = audit["valid"]!.DeepClone(),
        };
        summary["held"] = audit["valid"]!.GetValue<bool>() && unexplained == 0 && services.WrongSignatures == 0
            && ids.Count == runs.Count && services.Posted == succeeded && services.Verified == succeeded && succeeded > 0;
        return summary;
    }

    private static async Task ApproveAll(FluxgateClient reviewer, CancellationToken cancel)
    {
        var pending = new List<string>();
        await foreach (var review in reviewer.List("/reviews?state=pending", cancel))
            pending.Add(review["id"]!.GetValue<string>());
        foreach (var id in pending)
        {
            var review = await reviewer.Get($"/reviews/{id}", cancel);
            await reviewer.Post($"/reviews/{id}/decisions", new JsonObject
            {
                ["decision"] = "approve",
                ["content_sha256"] = review!["content_sha256"]!.GetValue<string>(),
                ["comment"] = "Seen and found right.",
            }, cancel);
        }
    }

    private static async Task<Dictionary<string, JsonObject>> StatesOf(FluxgateClient owner, HashSet<string> ids, CancellationToken cancel)
    {
        var states = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        await foreach (var run in owner.List("/runs", cancel))
            if (ids.Contains(run["id"]!.GetValue<string>()))
                states[run["id"]!.GetValue<string>()] = run;
        return states;
    }

    /// <summary>Verifies the whole log once nothing waits to be sealed.</summary>
    private static async Task<JsonObject> VerifiedAudit(FluxgateClient officer, CancellationToken cancel)
    {
        while (true)
        {
            var verdict = (await officer.Post("/audit/verify", new JsonObject(), cancel))!.AsObject();
            if (verdict["pending"]!.GetValue<long>() == 0)
                return verdict;
            await Task.Delay(Pause, cancel);
        }
    }
}
