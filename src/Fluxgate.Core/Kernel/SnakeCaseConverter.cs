using System.ComponentModel;
using System.Globalization;

namespace Fluxgate.Core.Kernel;

/// <summary>Lets a configuration file say a setting of several words as every other place does: <c>allow_list</c>.</summary>
public sealed class SnakeCaseConverter<TEnum> : TypeConverter where TEnum : struct, Enum
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? SnakeCase.Parse<TEnum>(text) : base.ConvertFrom(context, culture, value);
}
