using System.Globalization;
using System.Reflection;

namespace Croma.Tests.Docs;

/// <summary>Types and members as C# writes them, without their namespaces.</summary>
internal static class CSharpNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(char)] = "char",
    };

    private static readonly NullabilityInfoContext s_nullability = new();

    public static string Of(Type type)
    {
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value) + "?";
        if (s_keywords.TryGetValue(type, out var keyword)) return keyword;
        if (!type.IsGenericType) return type.Name;
        var arguments = type.GetGenericArguments().Select(Of);
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({string.Join(", ", arguments)})" : $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";
    }

    /// <summary>"public sealed record" and the like, the name, and what it is made of.</summary>
    public static string Declaration(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$") != null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) != null);
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : (isRecord ? "record " : "") + (type.IsValueType ? "struct" : isRecord ? "" : "class");
        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type is { IsAbstract: true, IsInterface: false } ? "abstract " : type is { IsSealed: true, IsValueType: false } and { IsEnum: false } ? "sealed " : "";
        string[] bases = [.. new[] { type.BaseType }.Where(b => b != null && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)).Select(b => Of(b!)), .. type.IsEnum ? [] : type.GetInterfaces().Where(i => i == typeof(IDisposable)).Select(Of)];
        return $"{modifier}{kind.TrimEnd()} {Of(type)}{(bases.Length > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Of(constructor.DeclaringType!).Split('<')[0]}({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Of(method.ReturnType)}{Mark(s_nullability.Create(method.ReturnParameter))} {method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property => $"{((property.GetMethod ?? property.SetMethod)!.IsStatic ? "static " : "")}{Of(property.PropertyType)}{Mark(s_nullability.Create(property))} {(property.GetIndexParameters().Length > 0 ? "this[]" : property.Name)}",
        FieldInfo { IsLiteral: true } constant => $"const {Of(constant.FieldType)} {constant.Name} = {Literal(constant.GetRawConstantValue())}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Of(field.FieldType)} {field.Name}",
        _ => member.Name,
    };

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : p.ParameterType.IsByRef && !p.IsIn ? "ref " : "")}{Of(p.ParameterType)}{Mark(s_nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {Literal(p.DefaultValue)}" : "")}"));

    private static string Mark(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType ? "?" : "";

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        Enum name => $"{name.GetType().Name}.{name}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
