using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Tests.Expressions;

/// <summary>What the conformance cases do not cover: our errors and limits, what a program tells of itself, and more of the extensions.</summary>
public sealed class CelProgramTests
{
    [Theory]
    [InlineData("1 +", "expression.syntax", "1:4:")]
    [InlineData("1\n + $", "expression.syntax", "2:4:")]
    [InlineData("'open", "expression.syntax", "1:1:")]
    [InlineData("for", "expression.syntax", "1:1:")]
    [InlineData("a.in", "expression.syntax", "1:3:")]
    [InlineData("[1].map(1, 2)", "expression.syntax", "1:5:")]
    [InlineData("[1].all(x, x, true)", "expression.syntax", "1:5:")]
    [InlineData("has(a)", "expression.syntax", "1:1:")]
    [InlineData("Point{x: 1}", "expression.syntax", "1:6:")]
    [InlineData("kv(name)", "expression.literal_required", "1:1:")]
    [InlineData("kv('a' + 'b')", "expression.literal_required", "1:1:")]
    [InlineData("kv()", "expression.literal_required", "1:1:")]
    public void A_source_that_is_no_expression_is_refused_with_its_place(string source, string code, string place)
    {
        var error = CelProgram.Compile(source).Error;
        Assert.Equal(code, error?.Code);
        Assert.StartsWith(place, error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}.a", "expression.no_such_key")]
    [InlineData("{'a': 1}['b']", "expression.no_such_key")]
    [InlineData("kv('absent')", "expression.no_such_key")]
    [InlineData("[1][1]", "expression.index_out_of_range")]
    [InlineData("'abc'.substring(4)", "expression.index_out_of_range")]
    [InlineData("nowhere", "expression.undeclared")]
    [InlineData("1 / 0", "expression.divide_by_zero")]
    [InlineData("9223372036854775807 + 1", "expression.overflow")]
    [InlineData("1 * 1.5", "expression.no_such_overload")]
    [InlineData("1.a", "expression.no_such_overload")]
    [InlineData("undefined(1)", "expression.no_such_overload")]
    [InlineData("int('x')", "expression.invalid_argument")]
    [InlineData("optional.none().value()", "expression.no_value")]
    public void Every_way_to_fail_has_its_code(string source, string code)
    {
        var error = CelProgram.Compile(source).Value.Evaluate(DictionaryScope.Empty).Error;
        Assert.Equal(code, error?.Code);
        Assert.Matches("^1:[0-9]+: ", error!.Message);
    }

    [Theory]
    [InlineData("lists.range(4)", "[0,1,2,3]")]
    [InlineData("[3, 1, 2].sort()", "[1,2,3]")]
    [InlineData("[2.5, 1, 3u].sort()", "[1,2.5,3]")]
    [InlineData("['b', 'B', 'a'].sort()", """["B","a","b"]""")]
    [InlineData("[{'n': 2, 'k': 'b'}, {'n': 1, 'k': 'a'}].sortBy(x, x.n).map(x, x.k)", """["a","b"]""")]
    [InlineData("[[1, 2], [3, [4]]].flatten()", "[1,2,3,[4]]")]
    [InlineData("[[1, 2], [3, [4]]].flatten(2)", "[1,2,3,4]")]
    [InlineData("[1, 2, 1, 1.0, 'a'].distinct()", """[1,2,"a"]""")]
    [InlineData("[1, 2, 3, 4].slice(1, 3)", "[2,3]")]
    [InlineData("[1, 2].reverse()", "[2,1]")]
    [InlineData("[7, 8].first().value()", "7")]
    [InlineData("[7, 8].last().orValue(0)", "8")]
    [InlineData("[].first().orValue(0)", "0")]
    [InlineData("sets.contains([1, 2, 3], [2, 3.0])", "true")]
    [InlineData("sets.equivalent([1, 1], [1])", "true")]
    [InlineData("sets.intersects([1], [2])", "false")]
    [InlineData("optional.unwrap([optional.of(1), optional.none()])", "[1]")]
    [InlineData("[1, 2].transformMapEntry(i, v, {string(v): i})", """{"1":0,"2":1}""")]
    [InlineData("[1, 2, 3].map(x, x > 1, x * 2)", "[4,6]")]
    [InlineData("math.sqrt(9.0)", "3.0")]
    [InlineData("base64.encode(b'hello')", "\"aGVsbG8=\"")]
    [InlineData("base64.decode('aGVsbG8') == b'hello'", "true")]
    [InlineData("'a🐱b'.reverse()", "\"b\\uD83D\\uDC31a\"")]
    [InlineData("'a🐱b'.indexOf('b')", "2")]
    [InlineData("'a🐱b'.substring(1, 2) == '🐱'", "true")]
    [InlineData("'a🐱b'.charAt(2)", "\"b\"")]
    [InlineData("'a🐱'.split('').size()", "2")]
    [InlineData("'a🐱'.replace('', '-') == '-a-🐱-'", "true")]
    [InlineData("'a,b,c'.split(',', 2)", """["a","b,c"]""")]
    [InlineData("'a,b,c'.split(',', 0)", "[]")]
    [InlineData("'\uFFFD' < '🐱'", "true")]
    [InlineData("'%.2e %.0f %x %X'.format([12345.678, 0.5, -255, b'\\xab'])", "\"1.23e\\u002B04 0 -ff AB\"")]
    [InlineData("string(1000000.0)", "\"1000000\"")]
    [InlineData("string(1e20)", "\"100000000000000000000\"")]
    [InlineData("string(1e21)", "\"1e\\u002B21\"")]
    [InlineData("string(0.00001)", "\"0.00001\"")]
    [InlineData("duration('1h30m').getMinutes()", "90")]
    [InlineData("string(duration('-1500ms'))", "\"-1.5s\"")]
    [InlineData("duration('1.5s') + duration('500ms') == duration('2s')", "true")]
    [InlineData("timestamp('2024-02-29T12:00:00+02:00')", "\"2024-02-29T10:00:00Z\"")]
    [InlineData("timestamp('2024-07-01T00:00:00Z').getHours('Europe/Berlin')", "2")]
    [InlineData("timestamp('0001-01-01T00:00:00Z').getFullYear('-01:00')", "0")]
    [InlineData("int(timestamp('1969-12-31T23:59:59Z'))", "-1")]
    [InlineData("'2024-05'.matches(r'^\\d{4}-\\d\\d$')", "true")]
    [InlineData("'٣'.matches(r'\\d')", "false")]
    [InlineData("'a\\n'.matches('a$')", "false")]
    [InlineData("'Größe'.matches(r'^\\pL+$')", "true")]
    [InlineData("'ab1'.matches('^[[:alpha:]]+[[:digit:]]$')", "true")]
    [InlineData("'x'.matches('(?P<name>x)')", "true")]
    [InlineData("cel.bind(x, 2, [1, 2].filter(y, y == x))", "[2]")]
    [InlineData("[1].map(x, [2].map(x, x))", "[[2]]")]
    [InlineData("// a note\n1 // and one more", "1")]
    public void The_extensions_answer_as_documented(string source, string json)
    {
        var result = CelProgram.Compile(source).Value.Evaluate(DictionaryScope.Empty);
        Assert.Null(result.Error);
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(result.Value.ToJson()));
    }

    [Fact]
    public void Sorting_numbers_that_a_double_cannot_tell_apart_still_ends_in_their_order()
    {
        var program = CelProgram.Compile("lists.range(2000).map(i, i % 3 == 0 ? dyn(9007199254740992.0) : i % 3 == 1 ? dyn(9007199254740993) : dyn(double('NaN'))).sort().map(x, string(x)).distinct()").Value;
        Assert.Equal("""["NaN","9007199254740992","9007199254740993"]""", program.Evaluate(DictionaryScope.Empty).Value.ToString());
    }

    [Fact]
    public void A_program_tells_which_names_members_and_literals_it_uses()
    {
        var program = CelProgram.Compile("""
            steps.normalize.amount > 1 && steps["large"].x == 1 && has(steps.approve) && steps.?post.?id.orValue('') == ''
              && trigger.body.items.all(item, item.steps == vars.limit) && kv("rate") == kv('fee') && helper(run)
            """).Value;

        Assert.Equal(["run", "steps", "trigger", "vars"], program.Variables.Order(StringComparer.Ordinal));
        Assert.Equal(["approve", "large", "normalize", "post"], program.References("steps").Order(StringComparer.Ordinal));
        Assert.Equal(["limit"], program.References("vars"));
        Assert.Equal(["fee", "rate"], program.LiteralCalls("kv").Order(StringComparer.Ordinal));
        Assert.Equal(["helper"], program.UnknownFunctions);
        Assert.False(program.ReferencesWhole("steps"));
        Assert.True(program.ReferencesWhole("run"));
        Assert.Empty(program.References("item"));
        Assert.True(CelProgram.Compile("steps[trigger.name]").Value.ReferencesWhole("steps"));
    }

    [Fact]
    public void The_scope_answers_kv_by_its_literal() =>
        Assert.Equal(CelValue.From(7L), CelProgram.Compile("kv('limit') + 1").Value.Evaluate(new KvScope()).Value);

    [Fact]
    public void One_program_serves_many_threads_at_once()
    {
        var program = CelProgram.Compile("lists.range(n).map(i, i * n).filter(i, string(i).matches('^[0-9]+$')).size() == n").Value;
        Parallel.For(1, 500, n => Assert.Equal(CelValue.True, program.Evaluate(new DictionaryScope(new Dictionary<string, CelValue> { ["n"] = CelValue.From((long)n) })).Value));
    }

    [Fact]
    public void Evaluating_a_condition_allocates_nothing()
    {
        var scope = new DictionaryScope(new Dictionary<string, CelValue>
        {
            ["amount"] = CelValue.From(90.0),
            ["country"] = CelValue.From("DE"),
            ["allowed"] = CelValue.List(CelValue.From("AT"), CelValue.From("DE")),
        });
        var program = CelProgram.Compile("amount * 1.2 > 100.0 && country in allowed").Value;
        Assert.Equal(CelValue.True, program.Evaluate(scope).Value);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            program.Evaluate(scope);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class KvScope : CelScope
    {
        public override bool TryGet(string name, out CelValue value)
        {
            value = default;
            return false;
        }

        public override bool TryCall(string function, string literal, out CelValue value)
        {
            value = CelValue.From(6L);
            return function == "kv" && literal == "limit";
        }
    }
}
