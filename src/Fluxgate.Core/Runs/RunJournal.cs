using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Runs;

/// <summary>
/// Events as bytes and back. Format 1: a JSON array of objects; <c>e</c> is the event, <c>t</c> its time, the rest its
/// members. Written formats stay readable for ever; a change of meaning takes a new number and an upcaster here.
/// </summary>
public static class RunJournal
{
    /// <summary>The format that is written.</summary>
    public const int Format = 1;

    public static byte[] Write(IReadOnlyList<RunEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        foreach (var recorded in events)
        {
            json.WriteStartObject();
            WriteEvent(json, recorded);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static IReadOnlyList<RunEvent> Read(int format, ReadOnlySpan<byte> bytes)
    {
        if (format != Format)
            throw new InvalidOperationException($"The journal has format {format}; this version reads {Format}.");
        var reader = new Utf8JsonReader(bytes);
        using var document = JsonDocument.ParseValue(ref reader);
        return [.. document.RootElement.EnumerateArray().Select(ReadEvent)];
    }

    private static void WriteEvent(Utf8JsonWriter json, RunEvent recorded)
    {
        void Head(string name)
        {
            json.WriteString("e", name);
            json.WriteString("t", recorded.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }

        void Value(string name, CelValue value)
        {
            json.WritePropertyName(name);
            value.WriteJson(json);
        }

        switch (recorded)
        {
            case RunStarted e:
                Head("run_started");
                json.WriteString("trigger_type", e.TriggerType);
                Value("trigger", e.Trigger);
                if (e.Parent is { } parent)
                    WriteParent(json, parent);
                if (e.RetryOf is { } retried)
                    json.WriteString("retry_of", retried.Value);
                if (e.HandlesError)
                    json.WriteBoolean("handles_error", true);
                if (e.Starter is { } starter)
                    json.WriteString("starter", starter.Value);
                WriteTime(json, "deadline", e.Deadline);
                break;
            case KeyValuesRead e:
                Head("key_values_read");
                json.WriteString("node", e.Node);
                Value("values", e.Values);
                break;
            case StepStarted e:
                Head("step_started");
                json.WriteString("node", e.Node);
                json.WriteNumber("attempt", e.Attempt);
                break;
            case OutcomeUnknown e:
                Head("outcome_unknown");
                json.WriteString("node", e.Node);
                break;
            case StepSucceeded e:
                Head("step_succeeded");
                json.WriteString("node", e.Node);
                json.WriteString("port", e.Port);
                Value("output", e.Output);
                break;
            case StepFailed e:
                Head("step_failed");
                json.WriteString("node", e.Node);
                json.WriteNumber("attempt", e.Attempt);
                WriteError(json, e.Error);
                WriteTime(json, "retry_at", e.RetryAt);
                break;
            case StepTakenOver e:
                Head("step_taken_over");
                json.WriteString("node", e.Node);
                json.WriteString("from", e.From.Value);
                json.WriteString("status", SnakeCase.From(e.Status));
                if (e.Port is not null)
                    json.WriteString("port", e.Port);
                Value("output", e.Output);
                break;
            case StepFiltered e:
                Head("step_filtered");
                json.WriteString("node", e.Node);
                break;
            case StepDelayed e:
                Head("step_delayed");
                json.WriteString("node", e.Node);
                WriteTime(json, "until", e.Until);
                break;
            case ReviewRequested e:
                Head("review_requested");
                json.WriteString("node", e.Node);
                json.WriteString("review_id", e.ReviewId);
                json.WriteString("title", e.Title);
                Value("content", e.Content);
                json.WriteStartArray("approvers");
                foreach (var approver in e.Approvers)
                    json.WriteStringValue(approver);
                json.WriteEndArray();
                WriteTime(json, "expires_at", e.ExpiresAt);
                break;
            case SignalAwaited e:
                Head("signal_awaited");
                json.WriteString("node", e.Node);
                json.WriteString("signal", e.Signal);
                WriteTime(json, "expires_at", e.ExpiresAt);
                break;
            case ChildRequested e:
                Head("child_requested");
                json.WriteString("node", e.Node);
                json.WriteNumber("attempt", e.Attempt);
                json.WriteString("child", e.Child.Value);
                break;
            case ChildAwaited e:
                Head("child_awaited");
                json.WriteString("node", e.Node);
                WriteTime(json, "expires_at", e.ExpiresAt);
                break;
            case ItemsStarted e:
                Head("items_started");
                json.WriteString("node", e.Node);
                json.WriteNumber("concurrency", e.Concurrency);
                Value("items", e.Items);
                break;
            case ItemStarted e:
                Head("item_started");
                json.WriteString("node", e.Node);
                json.WriteNumber("index", e.Index);
                break;
            case ItemFinished e:
                Head("item_finished");
                json.WriteString("node", e.Node);
                json.WriteNumber("index", e.Index);
                Value("output", e.Output);
                if (e.Error is { } itemError)
                    WriteError(json, itemError);
                break;
            case ItemsFinished e:
                Head("items_finished");
                json.WriteString("node", e.Node);
                break;
            case SignalReceived e:
                Head("signal_received");
                json.WriteString("signal", e.Signal);
                json.WriteString("sent_by", e.SentBy);
                Value("data", e.Data);
                break;
            case EventEmitted e:
                Head("event_emitted");
                json.WriteString("node", e.Node);
                json.WriteString("event_id", e.EventId);
                json.WriteString("type", e.Type);
                Value("data", e.Data);
                break;
            case Responded e:
                Head("responded");
                json.WriteString("node", e.Node);
                json.WriteNumber("status", e.Status);
                Value("headers", e.Headers);
                Value("body", e.Body);
                break;
            case RunClaimed e:
                Head("run_claimed");
                json.WriteString("cluster_node", e.ClusterNode);
                break;
            case RunFinished e:
                Head("run_finished");
                json.WriteString("status", SnakeCase.From(e.Status));
                Value("output", e.Output);
                if (e.Error is { } error)
                    WriteError(json, error);
                break;
            default:
                throw new InvalidOperationException($"{recorded.GetType().Name} cannot be written.");
        }
    }

    private static RunEvent ReadEvent(JsonElement json)
    {
        var at = Time(json, "t")!.Value;
        string Text(string name) => json.GetProperty(name).GetString()!;
        CelValue Value(string name) => CelValue.FromJson(json.GetProperty(name));
        return Text("e") switch
        {
            "run_started" => new RunStarted(at, Text("trigger_type"), Value("trigger"))
            {
                Parent = ReadParent(json),
                RetryOf = json.TryGetProperty("retry_of", out var retried) ? new RunId(retried.GetGuid()) : null,
                HandlesError = json.TryGetProperty("handles_error", out _),
                Starter = json.TryGetProperty("starter", out var starter) ? new UserId(starter.GetGuid()) : null,
                Deadline = Time(json, "deadline"),
            },
            "key_values_read" => new KeyValuesRead(at, Text("node"), Value("values")),
            "step_started" => new StepStarted(at, Text("node"), json.GetProperty("attempt").GetInt32()),
            "outcome_unknown" => new OutcomeUnknown(at, Text("node")),
            "step_succeeded" => new StepSucceeded(at, Text("node"), Value("output"), Text("port")),
            "step_failed" => new StepFailed(at, Text("node"), json.GetProperty("attempt").GetInt32(), ReadError(json)!, Time(json, "retry_at")),
            "step_taken_over" => new StepTakenOver(
                at, Text("node"), new RunId(json.GetProperty("from").GetGuid()), SnakeCase.Parse<StepStatus>(Text("status")), Value("output"), json.TryGetProperty("port", out var port) ? port.GetString() : null),
            "step_filtered" => new StepFiltered(at, Text("node")),
            "step_delayed" => new StepDelayed(at, Text("node"), Time(json, "until")!.Value),
            "review_requested" => new ReviewRequested(
                at, Text("node"), json.GetProperty("review_id").GetGuid(), Text("title"), Value("content"),
                [.. json.GetProperty("approvers").EnumerateArray().Select(a => a.GetString()!)], Time(json, "expires_at")),
            "signal_awaited" => new SignalAwaited(at, Text("node"), Text("signal"), Time(json, "expires_at")),
            "child_requested" => new ChildRequested(at, Text("node"), json.GetProperty("attempt").GetInt32(), new RunId(json.GetProperty("child").GetGuid())),
            "child_awaited" => new ChildAwaited(at, Text("node"), Time(json, "expires_at")),
            "items_started" => new ItemsStarted(at, Text("node"), Value("items"), json.GetProperty("concurrency").GetInt32()),
            "item_started" => new ItemStarted(at, Text("node"), json.GetProperty("index").GetInt32()),
            "item_finished" => new ItemFinished(at, Text("node"), json.GetProperty("index").GetInt32(), Value("output"), ReadError(json)),
            "items_finished" => new ItemsFinished(at, Text("node")),
            "signal_received" => new SignalReceived(at, Text("signal"), Value("data"), Text("sent_by")),
            "event_emitted" => new EventEmitted(at, Text("node"), json.GetProperty("event_id").GetGuid(), Text("type"), Value("data")),
            "responded" => new Responded(at, Text("node"), json.GetProperty("status").GetInt32(), Value("headers"), Value("body")),
            "run_claimed" => new RunClaimed(at, json.GetProperty("cluster_node").GetGuid()),
            "run_finished" => new RunFinished(at, SnakeCase.Parse<RunStatus>(Text("status")), Value("output"), ReadError(json)),
            var other => throw new InvalidOperationException($"'{other}' is no event of journal format {Format}."),
        };
    }

    private static void WriteParent(Utf8JsonWriter json, RunParent parent)
    {
        json.WriteStartObject("parent");
        json.WriteString("run", parent.Run.Value);
        json.WriteString("node", parent.Node);
        json.WriteNumber("depth", parent.Depth);
        json.WriteBoolean("waits", parent.Waits);
        json.WriteEndObject();
    }

    private static RunParent? ReadParent(JsonElement json) => json.TryGetProperty("parent", out var parent)
        ? new RunParent(new RunId(parent.GetProperty("run").GetGuid()), parent.GetProperty("node").GetString()!, parent.GetProperty("depth").GetInt32(), parent.GetProperty("waits").GetBoolean())
        : null;

    private static void WriteError(Utf8JsonWriter json, StepError error)
    {
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        if (error.Node is not null)
            json.WriteString("node", error.Node);
        json.WriteEndObject();
    }

    private static StepError? ReadError(JsonElement json) => json.TryGetProperty("error", out var error)
        ? new StepError(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!, error.TryGetProperty("node", out var node) ? node.GetString() : null)
        : null;

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
            json.WriteString(name, at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
    }

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) ? DateTimeOffset.ParseExact(time.GetString()!, "O", CultureInfo.InvariantCulture) : null;
}
