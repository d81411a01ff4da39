using System.Diagnostics.CodeAnalysis;

namespace Fluxgate.Core.Kernel;

/// <summary>Either a value or an <see cref="Kernel.Error"/>.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error) => (this.value, Error) = (value, error);

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>The value; a bug if there is an error.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Code}.");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public TOut Match<TOut>(Func<T, TOut> onValue, Func<Error, TOut> onError) => Error is null ? onValue(value!) : onError(Error);
}

/// <summary>The value of a result that has nothing to say but that it succeeded.</summary>
public readonly record struct Done;
