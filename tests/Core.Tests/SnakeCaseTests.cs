using Fluxgate.Core.Kernel;

namespace Fluxgate.Core.Tests;

public sealed class SnakeCaseTests
{
    [Fact]
    public void An_enum_goes_to_text_and_back()
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
            Assert.Equal(kind, SnakeCase.Parse<ErrorKind>(SnakeCase.From(kind)));
        Assert.Equal("not_found", SnakeCase.From(ErrorKind.NotFound));
        Assert.False(SnakeCase.TryParse<ErrorKind>("1", out _));
    }
}
