using System.Runtime.CompilerServices;
using System.Text;
using Fluxgate.Core.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Fluxgate.Data.Sessions;

/// <summary>
/// One SQL statement, written as an interpolated string: <c>$"select … where id = {id}"</c>. Text is literal by
/// construction and every hole becomes a parameter, so user text cannot become SQL.
/// </summary>
[InterpolatedStringHandler]
public sealed class Sql
{
    private readonly StringBuilder text;
    private readonly List<NpgsqlParameter> parameters;

    public Sql(int literalLength, int formattedCount)
    {
        text = new StringBuilder(literalLength + formattedCount * 3);
        parameters = new List<NpgsqlParameter>(formattedCount);
    }

    internal string Text => text.ToString();

    internal IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    public void AppendLiteral(string literal) => text.Append(literal);

    /// <summary>Another statement's part, such as an optional filter; its holes stay parameters.</summary>
    public void AppendFormatted(Sql part)
    {
        // Positions shift by what is here already. '$' stands in no literal of ours but as a position.
        var partText = part.text.ToString();
        for (var i = part.parameters.Count; i > 0; i--)
            partText = partText.Replace($"${i}", $"$\u0001{i + parameters.Count}", StringComparison.Ordinal);
        text.Append(partText.Replace("\u0001", "", StringComparison.Ordinal));
        parameters.AddRange(part.parameters);
    }

    public void AppendFormatted<T>(T value)
    {
        parameters.Add(Parameter(value));
        text.Append('$').Append(parameters.Count);
    }

    /// <summary>Text for a <c>jsonb</c> column.</summary>
    public void AppendFormatted(Jsonb value)
    {
        parameters.Add(new NpgsqlParameter { Value = (object?)value.Text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        text.Append('$').Append(parameters.Count);
    }

    /// <summary>Goes on with this statement, which is what it answers: for one whose parts are optional.</summary>
    public Sql Append([InterpolatedStringHandlerArgument("")] Continuation more)
    {
        _ = more;
        return this;
    }

    internal NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Parameter<T>(T value) => value switch
    {
        IId id => new NpgsqlParameter<Guid> { TypedValue = id.Value },
        Enum e => new NpgsqlParameter<string> { TypedValue = SnakeCase.From(e.ToString()) },
        null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = DatabaseType(typeof(T)) },
        DateTimeOffset time => new NpgsqlParameter<DateTimeOffset> { TypedValue = time.ToUniversalTime() },
        _ => new NpgsqlParameter<T> { TypedValue = value },
    };

    private static NpgsqlDbType DatabaseType(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Guid) || typeof(IId).IsAssignableFrom(type)) return NpgsqlDbType.Uuid;
        if (type == typeof(string) || type.IsEnum) return NpgsqlDbType.Text;
        if (type == typeof(int)) return NpgsqlDbType.Integer;
        if (type == typeof(long)) return NpgsqlDbType.Bigint;
        if (type == typeof(bool)) return NpgsqlDbType.Boolean;
        if (type == typeof(byte[])) return NpgsqlDbType.Bytea;
        if (type == typeof(DateTimeOffset)) return NpgsqlDbType.TimestampTz;
        if (type == typeof(string[])) return NpgsqlDbType.Array | NpgsqlDbType.Text;
        throw new NotSupportedException($"No database type is known for {type}.");
    }
}

/// <summary>More of a statement: written into it as the string is made.</summary>
[InterpolatedStringHandler]
public readonly struct Continuation
{
    private readonly Sql statement;

    public Continuation(int literalLength, int formattedCount, Sql statement)
    {
        _ = (literalLength, formattedCount);
        this.statement = statement;
    }

    public void AppendLiteral(string literal) => statement.AppendLiteral(literal);

    public void AppendFormatted(Sql part) => statement.AppendFormatted(part);

    public void AppendFormatted(Jsonb value) => statement.AppendFormatted(value);

    public void AppendFormatted<T>(T value) => statement.AppendFormatted(value);
}

/// <summary>JSON text that goes into a <c>jsonb</c> column; null is SQL null.</summary>
public readonly record struct Jsonb(string? Text);
