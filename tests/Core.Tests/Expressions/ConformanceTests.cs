using System.Reflection;
using System.Text.Json;
using Fluxgate.Cli;
using Fluxgate.Core.Expressions;
using Xunit.Sdk;

namespace Fluxgate.Core.Tests.Expressions;

/// <summary>The cases of google/cel-spec, one theory for each of its files; see conformance/README.md.</summary>
public sealed class ConformanceTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Expressions", "conformance");
    private static readonly HashSet<string> Exceptions = [.. File.ReadAllLines(Path.Combine(Folder, "exceptions.txt"))];

    [Theory, Cases("basic")] public void Basic(string name, int at) => Check("basic", name, at);

    [Theory, Cases("bindings_ext")] public void Bindings(string name, int at) => Check("bindings_ext", name, at);

    [Theory, Cases("comparisons")] public void Comparisons(string name, int at) => Check("comparisons", name, at);

    [Theory, Cases("conversions")] public void Conversions(string name, int at) => Check("conversions", name, at);

    [Theory, Cases("encoders_ext")] public void Encoders(string name, int at) => Check("encoders_ext", name, at);

    [Theory, Cases("fields")] public void Fields(string name, int at) => Check("fields", name, at);

    [Theory, Cases("fp_math")] public void Floating_point(string name, int at) => Check("fp_math", name, at);

    [Theory, Cases("integer_math")] public void Integers(string name, int at) => Check("integer_math", name, at);

    [Theory, Cases("lists")] public void Lists(string name, int at) => Check("lists", name, at);

    [Theory, Cases("logic")] public void Logic(string name, int at) => Check("logic", name, at);

    [Theory, Cases("macros")] public void Macros(string name, int at) => Check("macros", name, at);

    [Theory, Cases("macros2")] public void Macros_of_two_variables(string name, int at) => Check("macros2", name, at);

    [Theory, Cases("math_ext")] public void Math(string name, int at) => Check("math_ext", name, at);

    [Theory, Cases("namespace")] public void Namespaces(string name, int at) => Check("namespace", name, at);

    [Theory, Cases("optionals")] public void Optionals(string name, int at) => Check("optionals", name, at);

    [Theory, Cases("parse")] public void Parsing(string name, int at) => Check("parse", name, at);

    [Theory, Cases("plumbing")] public void Plumbing(string name, int at) => Check("plumbing", name, at);

    [Theory, Cases("string")] public void Strings(string name, int at) => Check("string", name, at);

    [Theory, Cases("string_ext")] public void String_functions(string name, int at) => Check("string_ext", name, at);

    [Theory, Cases("timestamps")] public void Timestamps(string name, int at) => Check("timestamps", name, at);

    [Fact]
    public void Every_file_has_its_theory_and_every_exception_its_case()
    {
        var files = Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).ToArray();
        var theories = typeof(ConformanceTests).GetMethods().Select(method => method.GetCustomAttribute<CasesAttribute>()?.File).OfType<string>().Order(StringComparer.Ordinal);
        Assert.Equal(files, theories);

        var names = files.SelectMany(Load).Select(test => test.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(1229, names.Length);
        Assert.All(Exceptions, exception => Assert.Contains(exception, names));
    }

    private static void Check(string file, string name, int at)
    {
        var test = Load(file)[at];
        var difference = Difference(test);
        if (Exceptions.Contains(name))
            Assert.True(difference is not null, $"{name} passes: take it out of exceptions.txt");
        else
            Assert.True(difference is null, $"{test.GetProperty("expr")}: {difference}");
    }

    /// <summary>How the answer differs from the case's; null if it does not.</summary>
    private static string? Difference(JsonElement test)
    {
        var bindings = test.TryGetProperty("bindings", out var bound)
            ? bound.EnumerateObject().ToDictionary(variable => variable.Name, variable => TaggedValue.Read(variable.Value))
            : [];
        var program = CelProgram.Compile(test.GetProperty("expr").GetString()!);
        var result = program.Succeeded ? program.Value.Evaluate(new DictionaryScope(bindings)) : program.Error;
        if (!test.TryGetProperty("value", out var tagged))
            return result.Succeeded ? $"{result.Value} in place of an error" : null;
        if (!result.Succeeded)
            return $"{result.Error.Code} {result.Error.Message}";

        // The tagged form tells 1 from 1.0 and 0.0 from -0.0, which CEL's own equality does not.
        var (expected, actual) = (TaggedValue.Read(tagged), result.Value);
        return Canonical(expected) == Canonical(actual) ? null : $"{Canonical(actual)} in place of {Canonical(expected)}";
    }

    private static string Canonical(CelValue value) => value.Kind switch
    {
        CelKind.List => $"[{string.Join(", ", value.AsList.Select(Canonical))}]",
        CelKind.Map => $"{{{string.Join(", ", value.AsMap.Select(entry => $"{Canonical(entry.Key)}: {Canonical(entry.Value)}").Order(StringComparer.Ordinal))}}}",
        _ => TaggedValue.Write(value).ToJsonString(),
    };

    private static JsonElement[] Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file + ".json")));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CasesAttribute(string file) : DataAttribute
    {
        public string File => file;

        public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
            Load(file).Select((test, at) => new object[] { test.GetProperty("name").GetString()!, at });
    }
}
