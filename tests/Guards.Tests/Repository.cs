using System.Text;
using Fluxgate.Testing;

namespace Fluxgate.Guards.Tests;

/// <summary>The working tree that these tests were built from, and the files in it that are generated and committed.</summary>
public static class Repository
{
    public static string Root => WorkingTree.Root;

    /// <summary>
    /// Fails unless the committed file equals <paramref name="actual"/>. With <c>UPDATE_SNAPSHOTS=1</c> in the environment
    /// it is rewritten instead; the difference is then for a reviewer.
    /// </summary>
    public static void AssertSnapshot(string relativePath, string actual)
    {
        var path = Path.Combine(Root, relativePath);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual, new UTF8Encoding(false));
            return;
        }
        Assert.True(File.Exists(path), $"{relativePath} is missing; run the guards with UPDATE_SNAPSHOTS=1.");
        var expected = File.ReadAllLines(path);
        var lines = actual.TrimEnd('\n').Split('\n');
        var at = expected.Zip(lines).TakeWhile(p => p.First == p.Second).Count();
        Assert.True(
            at == expected.Length && at == lines.Length,
            $"{relativePath} has drifted at line {at + 1}: committed '{expected.ElementAtOrDefault(at)}', now '{lines.ElementAtOrDefault(at)}'. If that is meant, run the guards with UPDATE_SNAPSHOTS=1 and commit the difference.");
    }
}
