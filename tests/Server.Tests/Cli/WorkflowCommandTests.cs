using System.Text.Json;
using Fluxgate.Testing;

namespace Fluxgate.Server.Tests.Cli;

public sealed class WorkflowCommandTests
{
    private const string Doubling = """
        format: 1
        name: Doubling
        trigger: { type: api }
        nodes:
          - { id: double, type: transform, settings: { output: "{{ trigger.body.n * 2 }}" } }
        output: "{{ steps.double }}"
        """;

    private const string Failing = """
        format: 1
        name: Failing
        trigger: { type: api }
        nodes:
          - { id: stop, type: fail, settings: { message: "not today" } }
        """;

    [Fact]
    public async Task Abuse14_What_a_run_hides_is_revealed_with_a_reason()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var run = (await owner.RunOnce(Doubling.Replace("type: transform,", "type: transform, sensitive: [\"\"],", StringComparison.Ordinal), new { n = 21000 })).Text("id");
        Assert.DoesNotContain("42000", await Done(shell, "runs", "show", run, "--json"), StringComparison.Ordinal);
        using var revealed = JsonDocument.Parse(await Done(shell, "runs", "reveal", run, "--node", "double", "--reason", "To see it"));
        Assert.Equal(42000, revealed.RootElement.GetProperty("output").GetInt32());
        Assert.Equal(2, (await shell.Run(null, "runs", "reveal", run)).Exit);
    }

    [Fact]
    public async Task F816_Runs_are_taken_up_and_ended_alone_or_by_filter()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var run = (await owner.RunOnce(Failing)).Text("id");
        var retried = await Done(shell, "runs", "retry", run);
        Assert.Equal(run, (await owner.FinishedRun(retried)).Text("retry_of"));
        Assert.Equal(await Done(shell, "runs", "retry", run, "--key", "k"), await Done(shell, "runs", "retry", run, "--key", "k"));
        Assert.Equal("0 of 0 runs are taken up again", await Done(shell, "runs", "retry", "--all", "--error", "other"));
        await owner.FinishedRun(await owner.StartRun((await owner.Get("/workflows").Success()).GetProperty("items")[0].Text("id")));
        Assert.Contains("runs are taken up again", await Done(shell, "runs", "retry", "--all", "--workflow", "failing", "--status", "failed", "--from", "2020-01-01"), StringComparison.Ordinal);

        var waiting = await owner.StartRun(await owner.Publish("{ format: 1, name: Waiting, trigger: { type: api }, nodes: [{ id: a, type: wait, settings: { signal: go } }] }"));
        await owner.RunIn(waiting, "waiting");
        Assert.Equal("0 runs are asked to end", await Done(shell, "runs", "cancel", "--all", "--workflow", "Waiting", "--before", "2020-01-01"));
        Assert.Equal("1 runs are asked to end", await Done(shell, "runs", "cancel", "--all", "--workflow", "Waiting"));
        Assert.Equal("cancelled", (await owner.FinishedRun(waiting)).Text("status"));
        Assert.Equal(2, (await shell.Run(null, "runs", "retry")).Exit);
        Assert.Equal(2, (await shell.Run(null, "runs", "cancel", waiting, "--all")).Exit);
        Assert.Contains("run.finished", (await shell.Run(null, "runs", "cancel", waiting)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FK11_Applying_a_file_twice_changes_nothing_the_second_time()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var file = shell.Write("doubling.yaml", Doubling);

        Assert.Equal($"{file}: Doubling: created", await Done(shell, "workflows", "apply", file));
        Assert.Equal($"{file}: Doubling: unchanged, published version 1", await Done(shell, "workflows", "apply", file, "--publish"));
        Assert.Equal($"{file}: Doubling: unchanged", await Done(shell, "workflows", "apply", file, "--publish"));
        shell.Write("doubling.yaml", Doubling.Replace("* 2", "* 3", StringComparison.Ordinal));
        Assert.Equal($"{file}: Doubling: updated, published version 2", await Done(shell, "workflows", "apply", file, "--publish"));

        var only = Assert.Single((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray());
        Assert.Equal((2, false), (only.GetProperty("published_version").GetInt32(), only.GetProperty("has_draft").GetBoolean()));
        var table = (await shell.Run(null, "workflows", "list")).Out.Split('\n');
        Assert.Equal(table[0].IndexOf("STATE", StringComparison.Ordinal), table[1].IndexOf("published", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FX14_Faults_of_a_document_are_printed_with_file_line_column_and_pointer_and_nothing_is_saved()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var yaml = shell.Write("bad.yaml", "format: 1\nname: Bad\ntrigger: { type: api }\nnodes:\n  - id: Upper\n    type: nothing\n    settings: {}\n");
        var json = shell.Write("bad.json", "{\n  \"format\": 1,\n  \"name\": \"Bad\", \"nodes\": [],\n  \"trigger\": {\"type\": \"api\"}}");
        var connector = shell.Write("later.yaml", "format: 1\nname: Later\ntrigger: { type: api }\nnodes:\n  - id: call\n    type: http\n    settings:\n      connector: nowhere\n      endpoint: get\n");

        var (exit, output, error) = await shell.Run(null, "workflows", "apply", yaml, json);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains($"{yaml}:5:9 /nodes/0/id ", error, StringComparison.Ordinal);
        Assert.Contains($"{yaml}:6:11 /nodes/0/type ", error, StringComparison.Ordinal);
        Assert.Contains($"{json}:3:27 /nodes ", error, StringComparison.Ordinal);
        Assert.Empty((await owner.Get("/workflows").Success()).GetProperty("items").EnumerateArray());

        // A draft may name what does not exist yet; what is published may not.
        var published = await shell.Run(null, "workflows", "apply", connector, "--publish");
        Assert.Equal(1, published.Exit);
        Assert.StartsWith($"{connector}:8:18 /nodes/0/settings/connector ", published.Error, StringComparison.Ordinal);
        Assert.Equal($"{connector}: Later: created", await Done(shell, "workflows", "apply", connector));
        Assert.Equal(1, (await shell.Run(null, "workflows", "publish", "Later")).Exit);
    }

    [Fact]
    public async Task FK12_A_run_is_waited_for_its_output_printed_and_its_key_finds_it_again()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        await owner.Publish(Doubling);
        using var shell = await CommandLine.LoggedIn(installation, owner);

        var (exit, output, id) = await shell.Run("""{"n": 21}""", "workflows", "run", "doubling", "--input", "-", "--wait", "--key", "once");
        Assert.Equal((0, "42"), (exit, output.Trim()));
        Assert.Equal(id.Trim(), await Done(shell, "workflows", "run", "Doubling", "--input", shell.Write("in.json", """{"n": 21}"""), "--key", "once"));
        Assert.NotEqual(id.Trim(), await Done(shell, "workflows", "run", "Doubling", "--input", shell.Write("in.json", """{"n": 21}""")));

        using var shown = JsonDocument.Parse(await Done(shell, "runs", "show", id.Trim(), "--json"));
        Assert.Equal("succeeded", shown.RootElement.Text("status"));
        Assert.StartsWith("workflow.not_found: ", (await shell.Run(null, "workflows", "run", "Nothing")).Error, StringComparison.Ordinal);
        Assert.StartsWith("input.malformed: -:1:", (await shell.Run("{n", "workflows", "run", "Doubling", "--input", "-")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FX14_A_signal_is_sent_with_its_data()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        using var shell = await CommandLine.LoggedIn(installation, owner);
        var run = await owner.StartRun(await owner.Publish("""
            format: 1
            name: Waits
            trigger: { type: api }
            nodes:
              - { id: paid, type: wait, settings: { signal: payment } }
            output: "{{ steps.paid.data }}"
            """));
        await owner.RunIn(run, "waiting");
        Assert.Equal(0, (await shell.Run("[7]", "runs", "signal", run, "payment", "--data", "-")).Exit);
        Assert.Equal("[7]", (await owner.FinishedRun(run)).GetProperty("output").GetRawText());
        var (exit, _, error) = await shell.Run("{", "runs", "signal", run, "payment", "--data", "-");
        Assert.Equal(1, exit);
        Assert.StartsWith("input.malformed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_exits_with_1_and_says_why()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var workflow = await owner.Publish(Failing);
        await owner.Publish(Doubling);
        using var shell = await CommandLine.LoggedIn(installation, owner);

        var (exit, output, error) = await shell.Run(null, "workflows", "run", "Failing", "--wait");
        Assert.Equal((1, ""), (exit, output));
        Assert.EndsWith("failed: node.failed: not today", error.TrimEnd(), StringComparison.Ordinal);

        var run = await owner.StartRun(workflow);
        var watched = await shell.Run(null, "runs", "watch", run);
        Assert.Equal(1, watched.Exit);
        Assert.Contains("run_started", watched.Out, StringComparison.Ordinal);
        Assert.Contains("step_failed  stop  attempt 1  node.failed: not today", watched.Out, StringComparison.Ordinal);
        Assert.EndsWith("failed: node.failed: not today", watched.Out.TrimEnd(), StringComparison.Ordinal);
        using var failed = JsonDocument.Parse(await Done(shell, "runs", "list", "--status", "failed", "--workflow", "Failing", "--json"));
        Assert.Equal(2, failed.RootElement.GetArrayLength());
        Assert.Equal("[]", await Done(shell, "runs", "list", "--workflow", "Doubling", "--json"));
    }

    [Fact]
    public async Task A_watched_run_is_printed_as_it_grows()
    {
        var installation = await Installation.Get();
        var owner = await installation.NewOrganization();
        var run = await owner.StartRun(await owner.Publish("""
            format: 1
            name: Asking
            trigger: { type: api }
            nodes:
              - { id: ask, type: review, settings: { title: "May I?", content: {} } }
            """));
        using var shell = await CommandLine.LoggedIn(installation, owner);
        using var watching = shell.Start("runs", "watch", run);
        string? line;
        do
            line = await watching.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        while (line?.Contains("review_requested  ask", StringComparison.Ordinal) == false);
        Assert.False(watching.HasExited);

        await owner.Post($"/runs/{run}/cancel", null).Success();
        var (exit, rest, _) = await CommandLine.Finish(watching);
        Assert.Equal(1, exit);
        Assert.Contains("run_finished", rest, StringComparison.Ordinal);
        Assert.Contains("cancelled: run.cancelled", rest, StringComparison.Ordinal);
    }

    private static async Task<string> Done(CommandLine shell, params string[] arguments)
    {
        var (exit, output, error) = await shell.Run(null, arguments);
        Assert.Equal((0, ""), (exit, error));
        return output.Trim();
    }
}
