using System.Text;
using Fluxgate.Core.Expressions;

namespace Fluxgate.Core.Tests.Expressions;

public sealed class TemplateTests
{
    private static readonly CelScope Scope = new DictionaryScope(new Dictionary<string, CelValue>
    {
        ["order"] = CelValue.FromJson("""{"id":7,"total":12.5,"whole":5.0,"vendor":"Äcme","lines":[{"sku":"a"}],"paid":true,"note":null}"""u8),
    });

    [Theory]
    [InlineData("\"{{ order.id }}\"", "7")]
    [InlineData("\"{{order.total}}\"", "12.5")]
    [InlineData("\"{{ order.whole }}\"", "5.0")]
    [InlineData("\"{{ order.lines }}\"", """[{"sku":"a"}]""")]
    [InlineData("\"{{ order.note }}\"", "null")]
    [InlineData("\" {{ order.id }}\"", "\" 7\"")]
    [InlineData("\"{{ order.id }}{{ order.paid }}\"", "\"7true\"")]
    [InlineData("\"No. {{ order.id }}: {{ order.total }} {{ order.whole }} {{ order.note }}\"", "\"No. 7: 12.5 5 null\"")]
    [InlineData("\"{{ {'a': {'b': order.id}} }}\"", """{"a":{"b":7}}""")]
    [InlineData("\"{{ '}}' + \\\"}}\\\" }}\"", "\"}}}}\"")]
    [InlineData("\"{{ '{{' }} and }}\"", "\"{{ and }}\"")]
    [InlineData("\"{{ order.?absent }}\"", "null")]
    [InlineData("\"{{ order.?vendor.orValue('') == 'Äcme' }}\"", "true")]
    [InlineData("""{"a":["{{ order.id }}",{"b":"x"}],"c":1,"{{ d }}":"{{ 1 }}"}""", """{"a":[7,{"b":"x"}],"c":1,"{{ d }}":1}""")]
    [InlineData("\"plain } } { {\"", "\"plain } } { {\"")]
    public void Expressions_are_replaced_by_their_values(string document, string expected)
    {
        var result = Template.Compile(Read(document)).Value.Evaluate(Scope);
        Assert.Null(result.Error);
        Assert.Equal(expected, result.Value.ToString());
    }

    [Fact]
    public void A_list_within_text_becomes_readable_json() =>
        Assert.Equal("""got {"v":"Äcme"}""", Template.Compile(CelValue.From("got {{ {'v': order.vendor} }}")).Value.Evaluate(Scope).Value.AsString);

    [Fact]
    public void Every_error_is_found_with_the_pointer_of_its_string()
    {
        var error = Template.Compile(Read("""{"a/b":"{{ 1 + }}","c":["{{ ok }}","text {{ kv(x) }} {{ ) }}"],"d~":"{{ open"}""")).Error!;
        Assert.Equal("expression.invalid", error.Code);
        Assert.Equal(
            [("/a~1b", "expression.syntax"), ("/c/1", "expression.literal_required"), ("/c/1", "expression.syntax"), ("/d~0", "expression.syntax")],
            error.Fields.Select(field => (field.Pointer, field.Code)));
    }

    [Fact]
    public void An_expression_that_fails_names_its_string()
    {
        var error = Template.Compile(Read("""{"ok":"{{ order.id }}","lines":[{"x":"no {{ order.absent }}"}]}""")).Value.Evaluate(Scope).Error!;
        Assert.Equal("expression.no_such_key", error.Code);
        Assert.Equal("/lines/0/x", Assert.Single(error.Fields).Pointer);
    }

    [Fact]
    public void A_template_knows_its_programs_and_whether_it_has_any()
    {
        var template = Template.Compile(Read("""["{{ steps.a.x }}","{{ steps.b }} {{ kv('k') }}"]""")).Value;
        Assert.Equal(["a", "b"], template.Programs.SelectMany(program => program.References("steps")));
        Assert.False(template.IsLiteral);
        Assert.True(Template.Compile(Read("""{"a":["b",{"c":1}]}""")).Value.IsLiteral);
    }

    [Fact]
    public void Many_braces_that_never_close_are_refused_at_once() =>
        Assert.Equal("expression.invalid", Template.Compile(CelValue.From(string.Concat(Enumerable.Repeat("{{ ' ", 200_000)))).Error?.Code);

    private static CelValue Read(string json) => CelValue.FromJson(Encoding.UTF8.GetBytes(json));
}
