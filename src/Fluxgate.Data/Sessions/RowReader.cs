using System.Linq.Expressions;
using System.Reflection;
using Fluxgate.Core.Kernel;
using Npgsql;

namespace Fluxgate.Data.Sessions;

/// <summary>
/// Reads a row into <typeparamref name="T"/>: a scalar from the first column, or a record by its primary constructor,
/// each parameter from the column of its snake_case name. Understands strong ids, enums (as text) and nullables.
/// </summary>
internal static class RowReader<T>
{
    private static readonly ParameterInfo[]? RecordParameters = IsScalar(typeof(T))
        ? null
        : typeof(T).GetConstructors().OrderByDescending(c => c.GetParameters().Length).First().GetParameters();

    private static readonly Func<NpgsqlDataReader, int[], T> Read = Compile();

    /// <summary>The ordinals of the columns that <see cref="ReadRow"/> needs; one look-up a statement.</summary>
    public static int[] Ordinals(NpgsqlDataReader reader) =>
        RecordParameters is null ? [0] : [.. RecordParameters.Select(p => reader.GetOrdinal(SnakeCase.From(p.Name!)))];

    public static T ReadRow(NpgsqlDataReader reader, int[] ordinals) => Read(reader, ordinals);

    private static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type.IsArray || type == typeof(string) || type == typeof(Guid) || type == typeof(decimal)
            || type == typeof(DateTimeOffset) || typeof(IId).IsAssignableFrom(type);
    }

    private static Func<NpgsqlDataReader, int[], T> Compile()
    {
        var reader = Expression.Parameter(typeof(NpgsqlDataReader));
        var ordinals = Expression.Parameter(typeof(int[]));
        Expression Column(Type type, int index) => ReadColumn(reader, Expression.ArrayIndex(ordinals, Expression.Constant(index)), type);
        Expression body = RecordParameters is null
            ? Column(typeof(T), 0)
            : Expression.New(
                (ConstructorInfo)RecordParameters[0].Member,
                RecordParameters.Select((p, i) => Column(p.ParameterType, i)));
        return Expression.Lambda<Func<NpgsqlDataReader, int[], T>>(body, reader, ordinals).Compile();
    }

    private static Expression ReadColumn(ParameterExpression reader, Expression ordinal, Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        Expression value;
        if (typeof(IId).IsAssignableFrom(underlying))
            value = Expression.New(underlying.GetConstructor([typeof(Guid)])!, Get(typeof(Guid)));
        else if (underlying.IsEnum)
            value = Expression.Call(typeof(SnakeCase), nameof(SnakeCase.Parse), [underlying], Get(typeof(string)));
        else
            value = Get(underlying);
        if (type != underlying)
            value = Expression.Convert(value, type);
        // A null in a column whose target cannot be null is a bug of the query; Npgsql's exception says which column.
        return type.IsValueType && type == underlying
            ? value
            : Expression.Condition(Expression.Call(reader, nameof(NpgsqlDataReader.IsDBNull), null, ordinal), Expression.Default(type), value);

        Expression Get(Type columnType) => Expression.Call(reader, nameof(NpgsqlDataReader.GetFieldValue), [columnType], ordinal);
    }
}
