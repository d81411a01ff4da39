using System.Diagnostics;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Tests.Expressions;

/// <summary>
/// Abuse case 3. Everything runs on a thread with a quarter of a megabyte of stack, a sixth of what the server's threads
/// have: an overflow there ends the test process, which no assertion could miss.
/// </summary>
public sealed class Abuse3Tests
{
    /// <summary>Far above the 250 ms of the budget, for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly CelScope Data = new DictionaryScope(new Dictionary<string, CelValue>
    {
        ["text"] = CelValue.From(new string('a', 100_000)),
        ["hostile"] = CelValue.From(string.Concat(Enumerable.Repeat("a{500}", 2))),
        ["body"] = CelValue.FromJson("""{"name":"x","list":[1,2,3]}"""u8),
    });

    [Theory]
    [InlineData("''.GetType()")]
    [InlineData("body.GetType().Assembly")]
    [InlineData("body.constructor.constructor('return 1')()")]
    [InlineData("body.__proto__")]
    [InlineData("body.__class__.__mro__")]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("Environment.GetEnvironmentVariable('PATH')")]
    [InlineData("process.env")]
    [InlineData("globalThis")]
    [InlineData("this")]
    [InlineData("env.PATH")]
    [InlineData("eval('1')")]
    [InlineData("T(java.lang.Runtime).getRuntime()")]
    [InlineData("#{7*7}")]
    [InlineData("${7*7}")]
    [InlineData("import('fs')")]
    [InlineData("google.protobuf.Any{}")]
    [InlineData("body['constructor']")]
    [InlineData("secrets.api_key")]
    [InlineData("timestamp(0).getHours('../../../../etc/passwd')")]
    [InlineData("timestamp(0).getHours('/dev/random')")]
    [InlineData("timestamp(0).getHours('Europe/../../../../dev/random')")]
    [InlineData("timestamp(0).getHours('Europe/../Europe/Berlin')")]
    public void Abuse3_No_expression_reaches_past_its_scope(string source) => Refused(source);

    [Theory]
    [InlineData("(", ")", "1")]
    [InlineData("[", "]", "1")]
    [InlineData("{1:", "}", "1")]
    [InlineData("size(", ")", "1")]
    [InlineData("!", "", "1")]
    [InlineData("-", "", "1u")]
    [InlineData("true ? 1 : ", "", "1u + 1")]
    [InlineData("1 + ", "", "1u")]
    [InlineData("", ".f", "body")]
    [InlineData("", "[0]", "body")]
    [InlineData("", ".size()", "body")]
    [InlineData("[1].all(x, ", ")", "1")]
    [InlineData("cel.bind(x, 1, ", ")", "1u + 1")]
    [InlineData("(", "", "1")]
    [InlineData("[", "", "1")]
    [InlineData("a(", "", "1")]
    [InlineData("'", "", "1")]
    [InlineData("1 == ", "", "1u + 1")]
    [InlineData("true && (false || ", ")", "1")]
    public void Abuse3_Nesting_is_refused_at_any_length_and_any_limit_of_it(string open, string close, string core)
    {
        foreach (var times in new[] { 63, 250, 1_000, 100_000 })
        {
            var source = string.Concat(Enumerable.Repeat(open, times)) + core + string.Concat(Enumerable.Repeat(close, times));
            OnSmallStack(() =>
            {
                _ = Run(source, CelLimits.Default);
                var result = Run(source, CelLimits.Default with { MaxSourceLength = int.MaxValue });
                Assert.False(result.Succeeded && times > 1_000, "it was accepted");
            });
        }
    }

    [Fact]
    public void Abuse3_A_hundred_kilobytes_of_parentheses_are_refused_by_their_length()
    {
        var result = CelProgram.Compile(new string('(', 100_000));
        Assert.Equal("expression.too_long", result.Error?.Code);
    }

    [Theory]
    [InlineData("lists.range(1000000).all(a, lists.range(1000000).all(b, true))")]
    [InlineData("lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000)))")]
    [InlineData("lists.range(2000).all(a, lists.range(2000).all(b, a + b >= 0))")]
    [InlineData("lists.range(900000).distinct().size()")]
    [InlineData("lists.range(100000000000)")]
    [InlineData("lists.range(500000).map(x, [x, x, x, x]).flatten().sort()")]
    [InlineData("sets.equivalent(lists.range(5000), lists.range(5000))")]
    [InlineData("lists.range(3000).filter(x, x in lists.range(3000))")]
    [InlineData("lists.range(100000).map(x, text)")]
    [InlineData("lists.range(100000).map(x, text + text)")]
    [InlineData("lists.range(1000).map(x, text.replace('', text))")]
    [InlineData("text.replace('', text)")]
    [InlineData("text.replace('a', text)")]
    [InlineData("lists.range(100000).map(x, text).join(text)")]
    [InlineData("lists.range(10000).all(x, text.contains(text + 'b'))")]
    [InlineData("lists.range(10000).all(x, text.split('').size() > 0)")]
    [InlineData("lists.range(10000).map(x, '%.100f').join('').format(lists.range(10000).map(x, 1.0e300))")]
    [InlineData("lists.range(100000).all(x, text.matches('^(a+)+$'))")]
    [InlineData("lists.range(100000).exists(x, text.matches('b' + string(x)))")]
    [InlineData("(lists.range(1000000).all(a, lists.range(1000000).all(b, true))) || true")]
    [InlineData("lists.range(1000000).exists(a, lists.range(1000000).all(b, true)) ? 1 : 2")]
    public void Abuse3_Work_that_blows_up_ends_with_the_budget_and_no_operator_absorbs_that(string source)
    {
        var code = Refused(source);
        Assert.Contains(code, new[] { "expression.cost", "expression.time", "expression.too_large" });
    }

    [Fact]
    public void Abuse3_Doubling_by_names_is_stopped_whether_it_takes_memory_or_only_time_to_print()
    {
        Assert.Equal("expression.cost", Refused(Doubling("'aaaaaaaaaaaaaaaa'", name => $"{name} + {name}")));
        Assert.Equal("expression.too_large", Refused(Doubling("[1, 2]", name => $"[{name}, {name}]")));
        Assert.Equal("expression.too_large", Refused(Doubling("{'a': 1}", name => $"{{'a': {name}, 'b': {name}}}")));
        Assert.Equal("expression.cost", Refused(Doubling("[1, 2]", name => $"{name} + {name}")));
        Assert.Equal("expression.too_large", Refused($"size({Doubling("[1, 2]", name => $"[{name}, {name}]")}) > 0 || true"));
        Assert.Equal("expression.too_large", Refused($"[1].exists(x, size({Doubling("[1, 2]", name => $"[{name}, {name}]")}) > 0) ? 1 : 2"));
    }

    [Fact]
    public void Abuse3_Nesting_of_a_value_by_names_is_stopped()
    {
        var wrapped = string.Concat(Enumerable.Range(0, 30).Select(i => $"cel.bind(v{i + 1}, [[[[[[v{i}]]]]]], "));
        Assert.Equal("expression.too_large", Refused($"cel.bind(v0, 1, {wrapped}v30{new string(')', 31)}"));
    }

    [Theory]
    [InlineData("text.matches('^(a+)+$')")]
    [InlineData("text.matches('^(a|aa)+$')")]
    [InlineData("text.matches('(a*)*b')")]
    [InlineData("text.matches('(.*a){100}b')")]
    [InlineData("text.matches('.*a.{900}b')")]
    [InlineData("text.matches('(x+x+)+y')")]
    public void Abuse3_A_catastrophic_pattern_answers_in_time(string source) => OnSmallStack(() => _ = Run(source, CelLimits.Default));

    [Theory]
    [InlineData("text.matches('(?=a)')")]
    [InlineData("text.matches('(?<!a)b')")]
    [InlineData("text.matches(r'(a)\\1')")]
    [InlineData("text.matches('((a{100}){100}){100}')")]
    [InlineData("text.matches('a{99999999999}')")]
    [InlineData("text.matches(hostile + hostile)")]
    [InlineData("text.matches('(')")]
    [InlineData("text.matches('[')")]
    [InlineData("text.matches('(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((')")]
    [InlineData("text.matches(text)")]
    public void Abuse3_A_pattern_that_cannot_run_in_linear_time_is_refused(string source) => Assert.Equal("expression.invalid_argument", Refused(source));

    [Theory]
    [InlineData("99999999999999999999999999")]
    [InlineData("0xFFFFFFFFFFFFFFFFFF")]
    [InlineData("18446744073709551616u")]
    [InlineData("duration('99999999999999999999999999999999999999h')")]
    [InlineData("timestamp('99999-01-01T00:00:00Z')")]
    [InlineData("int('99999999999999999999')")]
    [InlineData("int(1e300)")]
    [InlineData("'%.999999999f'.format([1.0])")]
    [InlineData("'\\ud800'")]
    [InlineData("'\\U00110000'")]
    public void Abuse3_A_huge_or_impossible_literal_is_refused(string source) => Refused(source);

    [Fact]
    public void Abuse3_Ten_thousand_digits_are_read_or_refused_at_once()
    {
        var digits = new string('9', 9_000);
        Refused(digits);
        Refused($"int('{digits}')");
        Refused($"duration('{digits}s')");
        Assert.True(double.IsInfinity(CelProgram.Compile($"{digits}.0").Value.Evaluate(DictionaryScope.Empty).Value.AsDouble));
    }

    [Fact]
    public void Abuse3_Time_is_limited_where_the_cost_is_not()
    {
        var limits = CelLimits.Default with { MaxCost = int.MaxValue, MaxTime = TimeSpan.FromMilliseconds(20) };
        OnSmallStack(() => Assert.Equal("expression.time", Run("lists.range(100000).all(a, lists.range(10000).all(b, a + b >= 0)) || true", limits).Error?.Code));
    }

    [Fact]
    public void Abuse3_The_expressions_of_one_template_share_one_budget()
    {
        const string HalfTheBudget = "{{ lists.range(100000).all(x, x + 1 > 0) }}";
        var one = Template.Compile(CelValue.List(CelValue.From(HalfTheBudget))).Value;
        var many = Template.Compile(CelValue.List([.. Enumerable.Repeat(CelValue.From(HalfTheBudget), 20)])).Value;

        Assert.True(one.Evaluate(DictionaryScope.Empty).Succeeded);
        Assert.Contains(many.Evaluate(DictionaryScope.Empty).Error?.Code, new[] { "expression.cost", "expression.time" });
    }

    [Fact]
    public void Abuse3_Random_bytes_and_random_tokens_are_answered_and_never_thrown_at()
    {
        var random = new Random(20_260_301);
        string[] words = ["(", ")", "[", "]", "{", "}", ".", "?", ":", ",", "!", "-", "+", "*", "/", "%", "&&", "||", "==", "<", "in", "body", "list", "x", "all", "map", "has", "1", "2u", "1.5", "'a'", "b'a'", "''' '", "`", "\\", "null", "size", "cel.bind", "?.", "\n", "//", "\ud800", "\0", "optional.of", "orValue", "matches", "'['", "sort", "format", "'%s%d'"];
        OnSmallStack(() =>
        {
            for (var round = 0; round < 20_000; round++)
                _ = Run(string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => words[random.Next(words.Length)])), CelLimits.Default);
        });
    }

    [Fact]
    public void Abuse3_A_message_does_not_repeat_the_data_it_is_about()
    {
        var scope = new DictionaryScope(new Dictionary<string, CelValue> { ["secret"] = CelValue.From("hunter2"), ["map"] = CelValue.Map(new Dictionary<string, CelValue>()) });
        foreach (var source in new[] { "int(secret)", "double(secret)", "bool(secret)", "timestamp(secret)", "duration(secret)", "map[secret]", "secret.matches('(' + secret)", "{secret: 1, secret: 2}", "base64.decode(secret + '!')", "timestamp(0).getHours(secret)", "[1][secret]", "secret.x", "'%d'.format([secret])" })
            Assert.DoesNotContain("hunter2", CelProgram.Compile(source).Value.Evaluate(scope).Error!.Message, StringComparison.Ordinal);
    }

    private static string Doubling(string seed, Func<string, string> twice)
    {
        var source = string.Concat(Enumerable.Range(0, 40).Select(i => $"cel.bind(v{i + 1}, {twice($"v{i}")}, "));
        return $"cel.bind(v0, {seed}, {source}v40{new string(')', 41)}";
    }

    /// <summary>Asserts that the expression answers an error soon, and gives its code.</summary>
    private static string Refused(string source)
    {
        var code = "";
        OnSmallStack(() =>
        {
            var result = Run(source, CelLimits.Default);
            Assert.False(result.Succeeded, "it was accepted");
            code = result.Error!.Code;
        });
        return code;
    }

    private static Fluxgate.Core.Kernel.Result<CelValue> Run(string source, CelLimits limits)
    {
        var program = CelProgram.Compile(source, limits);
        return program.Succeeded ? program.Value.Evaluate(Data) : program.Error;
    }

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var started = Stopwatch.GetTimestamp();
        var thread = new Thread(() => failure = Record.Exception(action), 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        Assert.True(Stopwatch.GetElapsedTime(started) < Soon, $"It took {Stopwatch.GetElapsedTime(started)}.");
    }
}
