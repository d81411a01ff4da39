using System.ComponentModel;
using System.Text.Json;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Kernel;
using Fluxgate.Core.Runs;
using Microsoft.Extensions.Logging;

namespace Fluxgate.Engine.Nodes.Code;

/// <summary>
/// Runs the text of code nodes: in QuickJS, which is WebAssembly, in a process of Node.js that is sealed itself. Each has a
/// process of its own.
/// </summary>
public sealed class CodeSandbox(CodeOptions options, ILogger<CodeSandbox> log) : IDisposable
{
    /// <summary>What Node.js needs to start and end beside the code's own time.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(5);

    private const int LongestMessage = 500;

    /// <summary>Deeper than a value of a run may be: that one is told so.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 1000 };

    private static readonly Error Disabled = new("code.disabled", ErrorKind.Refused, "Code nodes are off here; an operator turns them on with code.enabled.");

    private static readonly Error NotBuilt = new("code.no_sandbox", ErrorKind.Unavailable, "The sandbox for code cannot be built on this server; its log says why.");

    private readonly SealedProcess sandbox = new(options, Path.Combine(AppContext.BaseDirectory, "sandbox", "sandbox.mjs"));
    private readonly SemaphoreSlim places = new(options.MaxParallel);
    private volatile bool works;

    private sealed record Job(string Source, JsonElement Input, int Milliseconds, int Megabytes);

    private sealed record JobOutcome(JsonElement Output, string? Fault, string? Message);

    /// <summary>Why no code runs here, or null: tried until it has once worked.</summary>
    public async Task<Error?> Refusal(CancellationToken cancel)
    {
        if (!options.Enabled)
            return Disabled;
        if (works)
            return null;
        var tried = await Try("return input;", CelValue.From(1L), TimeSpan.FromSeconds(options.MaxSeconds), cancel);
        works = tried.Succeeded;
        return works ? null : NotBuilt;
    }

    /// <summary>What the body of a function of <c>input</c> returns, as JSON has it; a fault of the code is an error. Waits for a place first.</summary>
    public async Task<Result<CelValue>> Run(string source, CelValue input, TimeSpan longest, CancellationToken cancel) =>
        await Refusal(cancel) is { } refused ? refused : await Try(source, input, longest, cancel);

    private async Task<Result<CelValue>> Try(string source, CelValue input, TimeSpan longest, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        try
        {
            var time = TimeSpan.FromSeconds(Math.Min(options.MaxSeconds, longest.TotalSeconds));
            using var given = JsonDocument.Parse(input.ToJson());
            var job = JsonSerializer.SerializeToUtf8Bytes(new Job(source, given.RootElement, (int)Math.Ceiling(time.TotalMilliseconds), options.MemoryMegabytes), Json);
            var (output, complaint) = await sandbox.Run(job, time + StartTime, cancel);
            return Read(output, complaint, time);
        }
        catch (Win32Exception e)
        {
            log.LogError("The sandbox for code does not start: {Error}", e.Message);
            return NotBuilt;
        }
        finally
        {
            places.Release();
        }
    }

    private Result<CelValue> Read(byte[] output, string complaint, TimeSpan time)
    {
        switch (Outcome(output))
        {
            case { Fault: null, Output: { ValueKind: not JsonValueKind.Undefined } returned }:
                return Kept(returned);
            case { Fault: "time" }:
                return Error.Refused(StepError.TimedOut, $"The code ran longer than {time.TotalSeconds:0.###} s.");
            case { Fault: "memory" }:
                return Error.Refused("code.memory", $"The code filled more than {options.MemoryMegabytes} MB of memory.");
            case { Fault: "threw", Message: { } message }:
                return Error.Refused("code.threw", $"The code failed: {message[..Math.Min(message.Length, LongestMessage)]}");
            default:
                if (!works)
                    log.LogError("The sandbox for code does not work: {Complaint}", complaint);
                return Error.Refused("code.ended", "The code was ended: it took too much time, memory or output.");
        }
    }

    private static Result<CelValue> Kept(JsonElement returned)
    {
        try
        {
            return CelValue.FromJson(returned);
        }
        catch (JsonException e)
        {
            return Error.Refused("code.output", $"What the code returned cannot be kept: {e.Message}");
        }
    }

    /// <summary>Null if there is none: the process was killed, or is no longer the one that was started.</summary>
    private static JobOutcome? Outcome(byte[] output)
    {
        try
        {
            return JsonSerializer.Deserialize<JobOutcome>(output, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose() => places.Dispose();
}
