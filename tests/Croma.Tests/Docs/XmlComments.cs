using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Croma.Tests.Docs;

/// <summary>The comments that the compiler left beside an assembly, as Markdown.</summary>
internal sealed partial class XmlComments(Assembly assembly)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);

    /// <summary>What is said of a member; of a record's property also what its parameter is.</summary>
    public string Summary(MemberInfo member)
    {
        if (_members.TryGetValue(IdOf(member), out var comment) && comment.Element("summary") is { } summary) return Markdown(summary);
        if (member is not (PropertyInfo or FieldInfo) || !_members.TryGetValue(IdOf(member.DeclaringType!), out var type)) return "";
        return type.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == member.Name) is { } parameter ? Markdown(parameter) : "";
    }

    /// <summary>What is said of parameters and exceptions, each with its name.</summary>
    public IEnumerable<(string Name, string Text)> Details(MemberInfo member) => !_members.TryGetValue(IdOf(member), out var comment) || member is Type ? [] :
    [
        .. comment.Elements("param").Select(p => (p.Attribute("name")!.Value, Markdown(p))),
        .. comment.Elements("returns").Select(r => ("returns", Markdown(r))),
        .. comment.Elements("exception").Select(e => (Short(e.Attribute("cref")!.Value), Markdown(e))),
    ];

    /// <summary>The identifier of a member in the compiler's file.</summary>
    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => "T:" + Name(type),
        MethodBase method => $"M:{Name(method.DeclaringType!)}.{(method.IsConstructor ? "#ctor" : method.Name)}{(method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")}{Parameters(method.GetParameters())}",
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        _ => $"F:{Name(member.DeclaringType!)}.{member.Name}",
    };

    private static string Parameters(ParameterInfo[] parameters) => parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => Name(p.ParameterType)))})";

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!) + "@";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsGenericParameter) return (type.DeclaringMethod == null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType || type.IsGenericTypeDefinition) return type.FullName!.Replace('+', '.');
        return $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}";
    }

    private static string Markdown(XElement comment)
    {
        var text = new StringBuilder();
        foreach (var node in comment.Nodes())
            text.Append(node switch
            {
                XElement { Name.LocalName: "see" or "seealso" } see => $"`{Short(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? see.Value)}`",
                XElement { Name.LocalName: "paramref" or "typeparamref" } reference => $"`{reference.Attribute("name")!.Value}`",
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement other => Markdown(other),
                _ => Escape(((XText)node).Value),
            });
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static string Short(string reference)
    {
        var name = reference.Split(':')[^1].Split('(')[0];
        return reference.StartsWith("T:", StringComparison.Ordinal) ? name.Split('.')[^1].Split('`')[0] : string.Join('.', name.Split('.')[^Math.Min(2, name.Split('.').Length)..]).Split('`')[0];
    }

    private static string Escape(string text) => text.Replace("<", "\\<", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
