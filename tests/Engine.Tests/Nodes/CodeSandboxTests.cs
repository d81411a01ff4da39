using System.Diagnostics;
using System.Text;
using Fluxgate.Core.Expressions;
using Fluxgate.Core.Runs;
using Fluxgate.Engine.Nodes.Code;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fluxgate.Engine.Tests.Nodes;

/// <summary>Code of code nodes, hostile code among it.</summary>
public sealed class CodeSandboxTests
{
    private static readonly CelValue Given = CelValue.Map(("a", CelValue.From(1L)), ("text", CelValue.From("ü\"</script>")));

    private static CodeSandbox Sandbox(CodeOptions? options = null) => new(options ?? new CodeOptions { Enabled = true, MaxSeconds = 2 }, NullLogger<CodeSandbox>.Instance);

    private static async Task<string> Run(string source, CodeOptions? options = null, double seconds = 60)
    {
        using var sandbox = Sandbox(options);
        var returned = await sandbox.Run(source, Given, TimeSpan.FromSeconds(seconds), CancellationToken.None);
        return returned.Error is { } error ? error.Code : Encoding.UTF8.GetString(returned.Value.ToJson());
    }

    [Theory]
    [InlineData("return input.a + 1;", "2")]
    [InlineData("return input.text;", "\"\\u00FC\\u0022\\u003C/script\\u003E\"")]
    [InlineData("return [1, 2.5, 'x', null, undefined, () => 1, { b: true }];", "[1,2.5,\"x\",null,null,null,{\"b\":true}]")]
    [InlineData("", "null")]
    [InlineData("return await 1;", "code.threw")]
    [InlineData("return (async () => { await null; return 7; })();", "7")]
    [InlineData("return new Date(0);", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("return 1n;", "code.threw")]
    [InlineData("const a = []; a.push(a); return a;", "code.threw")]
    [InlineData("return '\\0';", "code.output")]
    [InlineData("return '\\ud800';", "code.output")]
    [InlineData("// the last line may be a comment", "null")]
    public async Task It_gives_what_the_code_returns_as_json(string source, string expected) => Assert.Equal(expected, await Run(source));

    [Theory]
    [InlineData("return [typeof process, typeof require, typeof fetch, typeof std, typeof os, typeof WebAssembly, typeof module, typeof console, typeof setTimeout].filter((t) => t !== 'undefined');", "[]")]
    [InlineData("return input.constructor.constructor('return typeof process')();", "\"undefined\"")]
    [InlineData("return (function () { return this; })() === undefined;", "true")]
    [InlineData("return import('node:fs');", "code.threw")]
    [InlineData("return Object.getOwnPropertyNames(globalThis).filter((n) => /emscripten|module|heap|wasm|qjs|bjson/i.test(n));", "[]")]
    [InlineData("}); globalThis.stolen = 1; (function () {", "null")]
    [InlineData("JSON.stringify = () => '{\"forged\":1}'; JSON.parse = () => 0; return { real: input.a };", "{\"real\":1}")]
    [InlineData("Object.prototype.toJSON = () => 'forged'; return { a: 1 };", "\"forged\"")]
    [InlineData("while (true) {}", StepError.TimedOut)]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + 'b'); return 1;", StepError.TimedOut)]
    [InlineData("for (;;) { try { for (;;) {} } catch { } finally { continue; } }", StepError.TimedOut)]
    [InlineData("return new Promise(() => {});", "code.threw")]
    [InlineData("const f = async () => { for (;;) await null; }; return f();", StepError.TimedOut)]
    [InlineData("const a = []; for (;;) a.push(new Array(1000).fill(1));", "code.memory")]
    [InlineData("return new ArrayBuffer(1e9).byteLength;", "code.memory")]
    [InlineData("return 'a'.repeat(1e9);", "code.memory")]
    [InlineData("const f = () => f() + 1; return f();", "code.threw")]
    [InlineData("return JSON.parse('['.repeat(1e5));", "code.threw")]
    [InlineData("throw new Error('x'.repeat(1e6));", "code.threw")]
    [InlineData("throw { get message() { for (;;) {} } };", StepError.TimedOut)]
    [InlineData("throw null;", "code.threw")]
    [InlineData("this is no code", "code.threw")]
    public async Task Abuse04_Hostile_code_reaches_nothing_and_ends(string source, string expected) => Assert.Equal(expected, await Run(source));

    [Fact]
    public async Task Abuse04_One_code_leaves_nothing_to_the_next()
    {
        using var sandbox = Sandbox();
        var longest = TimeSpan.FromSeconds(60);
        Assert.True((await sandbox.Run("globalThis.left = 1; Object.prototype.left = 1; return 1;", Given, longest, CancellationToken.None)).Succeeded);
        Assert.Equal("undefined undefined", (await sandbox.Run("return `${typeof left} ${typeof ({}).left}`;", Given, longest, CancellationToken.None)).Value.AsString);
    }

    [Fact]
    public async Task Its_time_and_memory_are_those_of_the_configuration_and_a_node_may_say_less_time()
    {
        const string Late = "const end = Date.now() + 2500; while (Date.now() < end); return 1;";
        Assert.Equal(StepError.TimedOut, await Run(Late, new CodeOptions { Enabled = true, MaxSeconds = 1 }));
        Assert.Equal("1", await Run(Late, new CodeOptions { Enabled = true, MaxSeconds = 20 }));
        Assert.Equal(StepError.TimedOut, await Run(Late, new CodeOptions { Enabled = true, MaxSeconds = 20 }, seconds: 0.5));

        const string Large = "return new Uint8Array(40 * 1024 * 1024).fill(1).length;";
        Assert.Equal("code.memory", await Run(Large, new CodeOptions { Enabled = true, MemoryMegabytes = 32 }));
        Assert.Equal("41943040", await Run(Large, new CodeOptions { Enabled = true, MemoryMegabytes = 64 }));
    }

    [Fact]
    public async Task No_more_run_at_once_than_the_configuration_says()
    {
        const string Source = "const end = Date.now() + 700; while (Date.now() < end); return Date.now();";
        using var sandbox = Sandbox(new CodeOptions { Enabled = true, MaxParallel = 1 });
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => sandbox.Run(Source, Given, TimeSpan.FromSeconds(60), CancellationToken.None)));
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2.1), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_step_that_is_given_up_ends_its_code_at_once()
    {
        using var sandbox = Sandbox(new CodeOptions { Enabled = true, MaxSeconds = 60 });
        Assert.Null(await sandbox.Refusal(CancellationToken.None));
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sandbox.Run("for (;;) {}", Given, TimeSpan.FromSeconds(60), given.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("/nowhere/node", "/usr/bin/bwrap")]
    [InlineData("/usr/bin/node", "/nowhere/bwrap")]
    public async Task Without_what_it_needs_it_says_so_and_nothing_runs(string node, string bubblewrap) =>
        Assert.Equal("code.no_sandbox", await Run("return 1;", new CodeOptions { Enabled = true, Node = node, Bubblewrap = bubblewrap }));

    [Fact]
    public async Task It_is_off_unless_it_is_turned_on() => Assert.Equal("code.disabled", await Run("return 1;", new CodeOptions()));
}
